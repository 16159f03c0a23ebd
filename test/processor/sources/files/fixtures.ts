import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { type FilesSourceSettings, filesSourceSettings } from '../../../../processor/sources/files/settings.ts'
import { filesSource } from '../../../../processor/sources/files/source.ts'
import type { Deliver } from '../../../../processor/sources/source.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { sourceContext, until } from '../suite.ts'

export type Given = Partial<Record<keyof FilesSourceSettings, unknown>>

export function filesSettings(folder: string, given: Given = {}): FilesSourceSettings {
  return filesSourceSettings.parse({
    type: 'files',
    include: [join(folder, 'app.log')],
    positions: join(folder, 'positions.json'),
    max_line: '64KiB',
    batch: '64KiB',
    poll: '10ms',
    rotate_wait: '0s',
    ...given,
  })
}

/** A folder with logs, and sources that read them one after the other. */
export class Logs {
  readonly folder = temporaryFolder()
  /** All that any of the sources has passed on. */
  taken = ''
  deliver: Deliver = async ({ bytes }) => {
    this.taken += bytes.toString()
    return accepted()
  }
  /** All that was logged: the event, then the message and its fields. */
  readonly logged: (readonly [string, string])[] = []

  path(name = 'app.log'): string {
    return join(this.folder, name)
  }

  append(text: string, name = 'app.log'): void {
    appendFileSync(this.path(name), text)
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  /** Starts a source; `stop` ends it as the service does, and can be called again. */
  async start(given: Given = {}) {
    const context = sourceContext((batch) => this.deliver(batch))
    const log = context.log
    const source = filesSource(filesSettings(this.folder, given), {
      ...context,
      log: (event, message, fields = {}) => {
        this.logged.push([event, `${message} ${JSON.stringify(fields)}`])
        log(event, message, fields)
      },
    })
    const stop = async () => {
      await source.drain()
      await source.close()
    }
    await source.start()
    onTestFinished(stop)
    return { source, stop, counts: () => source.counts?.() ?? {} }
  }

  async until(text: string): Promise<void> {
    await until(() => this.taken.includes(text))
  }

  events(name: string): string[] {
    return this.logged.filter(([event]) => event === name).map(([, text]) => text)
  }
}

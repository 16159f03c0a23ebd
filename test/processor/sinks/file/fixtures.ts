import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemFiles } from '../../../../processor/sinks/file/file-system.ts'
import { type FileSinkSettings, fileSinkSettings } from '../../../../processor/sinks/file/settings.ts'
import { createFileSink, type FileSinkParts } from '../../../../processor/sinks/file/sink.ts'
import type { Sink, SinkContext } from '../../../../processor/sinks/sink.ts'
import { sinkContext } from '../suite.ts'

type Given = Partial<Omit<FileSinkSettings, 'rotate'>> & { rotate?: Partial<FileSinkSettings['rotate']> }

export function fileSettings(path: string, { rotate = {}, ...others }: Given = {}): FileSinkSettings {
  const defaults = fileSinkSettings.parse({ type: 'file', path })
  return { ...defaults, ...others, rotate: { ...defaults.rotate, ...rotate } }
}

/** A sink that has been started, and is closed when the test is over. */
export async function openSink(
  path: string,
  given: Given = {},
  parts: Partial<FileSinkParts> = {},
  context: SinkContext = sinkContext(),
): Promise<Sink> {
  const sink = createFileSink(fileSettings(path, given), context, { files: systemFiles, now: Date.now, ...parts })
  await sink.start()
  onTestFinished(() => sink.close())
  return sink
}

/** The lines of a file, which is there as whole lines. */
export function linesOf(path: string): string[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line is torn')
  return text.split('\n').slice(0, -1)
}

/** The texts of the bodies that `jsonBatch` made, line by line. */
export function bodiesOf(path: string): string[] {
  return linesOf(path).map((line) => JSON.parse(line).resourceLogs[0].scopeLogs[0].logRecords[0].body.stringValue)
}

/** Files put aside for `out.jsonl`, by name. */
export function asideIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^out-.*\.jsonl$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

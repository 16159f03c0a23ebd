import { execFile } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { configFolder } from '../processor/transports/canaries.ts'
import { ROOT } from './document.ts'

/** A program of a page, in a folder with a configuration whose rules seal addresses. */
export class Example {
  readonly folder = configFolder()

  constructor() {
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'))
  }

  /** Runs code of the page with more behind it, which logs. @returns what it has printed. */
  async run(code: string, more = '', env: Readonly<Record<string, string>> = {}): Promise<string> {
    // The package's own name leads to what is built; tests do not build.
    const source = (name: string) => JSON.stringify(join(ROOT, `processor/transports/${name}/index.ts`))
    const runnable = `${code}\n${more}`.replaceAll(/'fieldseal\/(\w+)'/g, (_, name: string) => source(name))
    writeFileSync(join(this.folder, 'example.mts'), runnable)
    const options = { cwd: this.folder, env: { ...process.env, ...env } }
    return (await promisify(execFile)(process.execPath, ['example.mts'], options)).stdout
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text)
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { codeBlock } from '../docs/document.ts'
import { FreePorts } from './free-ports.ts'

const PAGE = 'docs/collector.md'
const ADDRESS = /\b(?:127\.0\.0\.1|0\.0\.0\.0|[a-z]+\.example\.com):(\d+)/g
const SYSTEM_FOLDER = /(?<=[ [])\/(?:etc|var\/lib|run)\//g

/**
 * The configurations of the page, as they run in a test: each port is another one, everybody is on this machine, and
 * what belongs to the system lies in a folder of the test. Nothing else is replaced.
 */
export class Documented {
  readonly #folder: string
  readonly #free = new FreePorts()
  readonly #ports = new Map<string, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** What the page calls `127.0.0.1:4318`. */
  async port(documented: number): Promise<number> {
    const known = this.#ports.get(String(documented))
    if (known !== undefined) return known
    const port = await this.#free.next()
    this.#ports.set(String(documented), port)
    return port
  }

  /** What the page calls `/etc/otelcol/ca.pem`. */
  path(documented: string): string {
    return join(this.#folder, documented)
  }

  /** The code block of the page with this name. */
  async config(name: string): Promise<string> {
    const block = codeBlock(PAGE, name)
    for (const [, port] of block.matchAll(ADDRESS)) await this.port(Number(port))
    for (const [path] of block.matchAll(/(?<=[ [])\/[a-z/]+\//g)) mkdirSync(this.path(path), { recursive: true })
    return block
      .replaceAll(ADDRESS, (_, port: string) => `127.0.0.1:${this.#ports.get(port)}`)
      .replaceAll(SYSTEM_FOLDER, (path) => this.path(path))
  }
}

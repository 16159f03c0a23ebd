import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeBlock } from '../docs/document.ts'
import { FreePorts } from '../peers/free-ports.ts'

const PAGE = 'docs/fluent.md'
const NAME = /\b[a-z]+\.example\.com/g
/** `127.0.0.1:24224` or `localhost:24224` of Fieldseal, `port: 24224` of Fluent Bit, `port 24224` of Fluentd. */
const PORT = /(?<=\b(?:127\.0\.0\.1|localhost):|^ +port:? )\d+/gm
const SYSTEM_PATH = /(?<=[ [])\/(?:etc|var\/lib|var\/log)\/[\w./*-]*/g

/**
 * The configurations of the page, as they run in a test: each port is another one, everybody is on this machine (by the
 * name `localhost` where the page has a name), and what belongs to the system lies in a folder of the test. Nothing else
 * is replaced.
 */
export class FluentPage {
  readonly #folder: string
  readonly #free = new FreePorts()
  readonly #ports = new Map<string, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** What the page calls port 24224. */
  async port(documented: number): Promise<number> {
    const port = this.#ports.get(`${documented}`) ?? (await this.#free.next())
    this.#ports.set(`${documented}`, port)
    return port
  }

  /** What the page calls `/etc/fluent-bit/ca.pem`; its folder is there. */
  path(documented: string): string {
    const path = join(this.#folder, documented)
    mkdirSync(documented.endsWith('/') ? path : dirname(path), { recursive: true })
    return path
  }

  /**
   * The code block of the page with this name.
   *
   * @param change - what is other than on the page, where a test is about that.
   */
  async config(name: string, change: (block: string) => string = (block) => block): Promise<string> {
    const block = change(codeBlock(PAGE, name)).replaceAll(NAME, 'localhost').replaceAll('0.0.0.0', '127.0.0.1')
    for (const [port] of block.matchAll(PORT)) await this.port(Number(port))
    return block
      .replaceAll(PORT, (port) => `${this.#ports.get(port)}`)
      .replaceAll(SYSTEM_PATH, (path) => this.path(path))
  }
}

/** Says what a test has other than the page, and fails where the page does not have what it changes. */
export function instead(...changes: readonly (readonly [of: string, is: string])[]): (block: string) => string {
  return (block) =>
    changes.reduce((changed, [of, is]) => {
      if (!changed.includes(of)) throw new Error(`the page has no "${of}"`)
      return changed.replaceAll(of, is)
    }, block)
}

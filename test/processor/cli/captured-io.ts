import { Readable, Writable } from 'node:stream'
import type { CommandIo } from '../../../processor/cli/arguments.ts'

/** The io of a command, with what it wrote. */
export function capturedIo(env: Record<string, string> = {}): CommandIo & { written(): string; complained(): string } {
  const out: string[] = []
  const err: string[] = []
  return {
    stdin: Readable.from([]),
    stdout: sink(out),
    stderr: sink(err),
    env,
    written: () => out.join(''),
    complained: () => err.join(''),
  }
}

function sink(chunks: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
}

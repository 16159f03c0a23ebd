import { Writable } from 'node:stream'
import type { FormatName } from '../formats/index.ts'
import { FORMAT_NAMES } from '../formats/index.ts'
import type { CommandIo, TextOption } from './arguments.ts'
import { runFilter } from './filter.ts'
import type { FramingLimits } from './frame.ts'

/** The option of commands that read a sample. */
export const FORMAT_OPTION = {
  type: 'string',
  short: 'f',
  value: 'FORMAT',
  description:
    'json-lines: one object a line; otlp-json: one request a line; otlp-protobuf: requests, each behind its length as a varint; forward: messages of Fluent Forward one behind the other; text: one text a line.',
  choices: FORMAT_NAMES,
  default: 'json-lines',
} as const satisfies TextOption

/**
 * Reads a sample batch by batch. A bad record is left out, and its number told on the error stream.
 *
 * @param take - gets the batch, and the number of its first line or request, from 1; gives what is to be written.
 */
export async function readSample(
  format: FormatName,
  limits: FramingLimits,
  io: CommandIo,
  take: (bytes: Buffer, number: number) => string,
): Promise<void> {
  let told: Buffer | undefined
  const transform = (bytes: Buffer, number: number): Buffer => {
    told = Buffer.from(take(bytes, number))
    return told
  }
  // What frames a result, a length or a line end, is for who reads the same format: here nobody does.
  const stdout = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      if (chunk === told) io.stdout.write(chunk, done)
      else done()
    },
  })
  await runFilter({ format, limits, onError: 'skip', transform }, { ...io, stdout })
}

/** Says what a command waits for where somebody started it at a terminal without a file. */
export function tellOfTerminal({ stdin, stderr }: Pick<CommandIo, 'stdin' | 'stderr'>): void {
  if ((stdin as { isTTY?: boolean }).isTTY === true)
    stderr.write('reading from the keyboard; give a file with "< FILE", or end with Ctrl-D\n')
}

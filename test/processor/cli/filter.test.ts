import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { runFilter } from '../../../processor/cli/filter.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import { capturedIo } from './captured-io.ts'

/** Refuses lines that begin with `x`, as the engine does: with the number of the first one. */
function refuseX(bytes: Buffer): Buffer {
  let record = 0
  let start = 0
  while (start < bytes.length && bytes[start] !== 0x78) {
    if (bytes[start] !== 0x0a) record += 1
    start = bytes.indexOf(0x0a, start) + 1
  }
  if (start === bytes.length) return bytes
  throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'begins with x', { record })
}

async function filtered(input: string, onError: 'stop' | 'skip') {
  const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(input)]) }
  const limits = { record: 1 << 20, batch: 1 << 20 }
  const exit = await runFilter({ format: 'text', limits, onError, transform: refuseX }, io)
  return { exit, written: io.written(), complained: io.complained() }
}

test('a bad line is left out, and what stands around it is written in its order', async () => {
  const { exit, written, complained } = await filtered('a\nx\n\nb\nx\nc\n', 'skip')
  expect(exit).toBe(0)
  expect(written).toBe('a\n\nb\nc\n')
  expect(complained.match(/^line \d+/gm)).toEqual(['line 2', 'line 5'])
})

test('a bad line ends the run after all before it has been written', async () => {
  const { exit, written, complained } = await filtered('a\nb\nx\nc\n', 'stop')
  expect(exit).toBe(65)
  expect(written).toBe('a\nb\n')
  expect(complained.match(/^line \d+/gm)).toEqual(['line 3'])
})

test('as many lines of one chunk may be bad as there are', async () => {
  const { exit, written, complained } = await filtered(`${'x\n'.repeat(8_000)}a\n`, 'skip')
  expect(exit).toBe(0)
  expect(written).toBe('a\n')
  expect(complained).toContain('8000 left out\n')
})

test('a line with a byte order mark alone is no record', async () => {
  const refuseSecond = (bytes: Buffer): Buffer => {
    if (!bytes.includes('bad')) return bytes
    throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'is bad', { record: bytes.includes('good') ? 1 : 0 })
  }
  const io = { ...capturedIo(), stdin: Readable.from([Buffer.from('\ufeff\ngood\nbad\nlast\n')]) }
  const limits = { record: 1 << 20, batch: 1 << 20 }
  await runFilter({ format: 'text', limits, onError: 'skip', transform: refuseSecond }, io)
  expect(io.written()).toBe('\ufeff\ngood\nlast\n')
})

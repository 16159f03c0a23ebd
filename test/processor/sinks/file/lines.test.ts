import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { jsonBatch, outgoing } from '../suite.ts'
import { linesOf, openSink } from './fixtures.ts'

const batch = (text: string) => outgoing(Buffer.from(text), 'json-lines')

it('writes lines as they came, and OTLP as a line for each record, with json_lines', async () => {
  const path = join(temporaryFolder(), 'out.jsonl')
  const sink = await openSink(path, { format: 'json_lines' })
  for (const text of ['{"a":1}\na text\n', 'no end']) await sink.send(batch(text))
  await sink.send(jsonBatch('hello'))
  const [one, two, three, four] = linesOf(path)
  expect([one, two, three]).toEqual(['{"a":1}', 'a text', 'no end'])
  expect(JSON.parse(four!)).toMatchObject({ message: 'hello' })
})

it('writes lines as an OTLP request without it', async () => {
  const path = join(temporaryFolder(), 'out.jsonl')
  const sink = await openSink(path)
  expect(await sink.send(batch('{"msg":"one"}\ntwo\n'))).toMatchObject({ outcome: 'accepted' })
  const [line, ...others] = linesOf(path)
  expect(others).toEqual([])
  expect(JSON.parse(line!).resourceLogs[0].scopeLogs[0].logRecords).toHaveLength(2)
})

it('puts a file aside that ends in a torn text, and cuts off nothing of it', async () => {
  const folder = temporaryFolder({ 'out.jsonl': 'whole\ntorn te' })
  const path = join(folder, 'out.jsonl')
  const sink = await openSink(path, { format: 'json_lines' })
  await sink.send(batch('new\n'))
  expect(linesOf(path)).toEqual(['new'])
  const aside = readdirSync(folder).filter((name) => name !== 'out.jsonl')
  expect(aside).toHaveLength(1)
  expect(readFileSync(join(folder, aside[0]!), 'utf8')).toBe('whole\ntorn te')
})

it('cuts off a torn object, which is its own', async () => {
  const folder = temporaryFolder({ 'out.jsonl': '{"a":1}\n' })
  const path = join(folder, 'out.jsonl')
  appendFileSync(path, '{"b":')
  const sink = await openSink(path, { format: 'json_lines' })
  await sink.send(batch('{"b":2}\n'))
  expect(linesOf(path)).toEqual(['{"a":1}', '{"b":2}'])
})

import { describe, expect, test } from 'vitest'
import type { FormatName } from '../../processor/formats/index.ts'
import { EVERYONE, engineFor, openAs } from '../processor/engine/fixtures.ts'
import { CORPUS, type Example } from './corpus.ts'
import { type LogRecord, text } from './model.ts'
import { normalised } from './normalised.ts'
import { RULES } from './rules.ts'
import { WAYS, type Way } from './ways.ts'

/**
 * Where a way in cannot do what the others do. Each exception is named and says what comes out instead; nothing else
 * may differ.
 */
const EXCEPTIONS: Readonly<Partial<Record<FormatName, Readonly<Record<string, LogRecord>>>>> = {
  // No attribute can be added to a line of plain text: where a part would be sealed, the line is sealed whole, for those
  // whom the first such rule names, and with what later rules of the same rank would have sealed inside.
  text: {
    'a line with an address': line('sealed text at body for security-1,dpo-1,fraud-1'),
    'a line with several kinds': line('sealed text at body for fraud-1,dpo-1'),
  },
}

function line(body: string): LogRecord {
  return { resource: [], scope: [], body: text(body), attributes: [] }
}

const engine = engineFor(RULES)

function sealed(way: Way, examples: readonly Example[]): Buffer {
  return engine.seal(way.write(examples.map(({ record }) => record)), way.format).bytes
}

function outcome(way: Way, { name, record }: Example): LogRecord {
  const [result] = way.read(engine.seal(way.write([record]), way.format).bytes)
  if (result === undefined) throw new Error(`no record came out: ${name}`)
  return normalised(result)
}

const REFERENCE = WAYS[0]!

describe.each(WAYS)('by $format', (way) => {
  const carried = CORPUS.filter(({ record }) => way.carries(record))

  test.each(carried)('$name: the same is done as by every other way', (example) => {
    const expected = EXCEPTIONS[way.format]?.[example.name] ?? outcome(REFERENCE, example)
    expect(outcome(way, example)).toEqual(expected)
  })

  test('all records in one batch come out as each by itself', () => {
    const together = way.read(sealed(way, carried)).map(normalised)
    // A record without anything is no line of JSON that differs from others, so that all of them are compared.
    expect(together).toEqual(carried.map((example) => outcome(way, example)))
  })

  test.each(carried)('$name: opening gives all back that was not dropped, masked or hashed', (example) => {
    const bytes = way.write([example.record])
    const seals = RULES.filter((rule) => rule.seal !== undefined)
    const own = engineFor(seals)
    const opened = openAs(EVERYONE, own.seal(bytes, way.format).bytes, way.format)
    own.close()
    expect(opened.bytes.toString('latin1')).toBe(bytes.toString('latin1'))
    expect(way.read(opened.bytes)).toEqual(way.read(bytes))
  })

  test('what it writes and reads is the corpus', () => {
    const records = carried.map(({ record }) => record)
    expect(way.read(way.write(records))).toEqual(records)
  })
})

describe('the corpus', () => {
  test('has each of its names once', () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length)
  })

  test('makes every rule act', () => {
    const { values } = engine.seal(REFERENCE.write(CORPUS.map(({ record }) => record)), REFERENCE.format)
    const acted = new Set(values.keys())
    expect(RULES.filter(({ id }) => !acted.has(id)).map(({ id }) => id)).toEqual([])
  })

  test('comes whole by OTLP and Forward, most of it in JSON lines, and some of it as text', () => {
    const counts = Object.fromEntries(
      WAYS.map((way) => [way.format, CORPUS.filter(({ record }) => way.carries(record)).length]),
    )
    expect(counts['otlp-protobuf']).toBe(CORPUS.length)
    expect(counts['otlp-json']).toBe(CORPUS.length)
    expect(counts.forward).toBe(CORPUS.length)
    expect(counts['json-lines']).toBeGreaterThan(25)
    expect(counts.text).toBeGreaterThan(4)
  })

  test('has no exception without a record, and none that is none', () => {
    for (const [format, exceptions] of Object.entries(EXCEPTIONS)) {
      const way = WAYS.find((one) => one.format === format)!
      for (const [name, expected] of Object.entries(exceptions ?? {})) {
        const example = CORPUS.find((one) => one.name === name)!
        expect(way.carries(example.record)).toBe(true)
        expect(outcome(REFERENCE, example)).not.toEqual(expected)
      }
    }
  })

  test.each(CORPUS)('$name: what is done to it', (example) => {
    expect(outcome(REFERENCE, example)).toMatchSnapshot()
  })
})

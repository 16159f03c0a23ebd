import { deepStrictEqual } from 'node:assert'
import { afterAll, describe, expect, test } from 'vitest'
import { engineFor } from '../processor/engine/fixtures.ts'
import { CORPUS, type Example } from './corpus.ts'
import type { LogRecord } from './model.ts'
import { normalised } from './normalised.ts'
import { OBJECT_WAYS, type ObjectWay } from './object-ways.ts'
import { RULES } from './rules.ts'
import { WAYS } from './ways.ts'

/** The corpus through records that are values in a program, against the collector's formats. */
const REFERENCE = WAYS[0]!

const engine = engineFor(RULES)
const seals = engineFor(RULES.filter((rule) => rule.seal !== undefined))

afterAll(() => {
  for (const one of [engine, seals]) one.close()
})

function expected({ record }: Example): LogRecord {
  return normalised(REFERENCE.read(engine.seal(REFERENCE.write([record]), REFERENCE.format).bytes)[0]!)
}

function outcome(way: ObjectWay, { record }: Example): LogRecord {
  return normalised(way.read(way.seal(engine, way.write(record)).record))
}

describe.each(OBJECT_WAYS)('by $format', (way) => {
  const carried = CORPUS.filter(({ record }) => way.carries(record))

  test.each(carried)('$name: the same is done as by every other way', (example) => {
    expect(outcome(way, example)).toEqual(expected(example))
  })

  test.each(carried)('$name: opening gives all back that was not dropped, masked or hashed', ({ record }) => {
    const written = way.write(record)
    const opened = way.open(way.seal(seals, written).record)
    expect(opened).toMatchObject({ moved: 0 })
    deepStrictEqual(way.read(opened.record), way.read(written))
  })

  test.each(carried)('$name: sealed again it stays as it is', ({ record }) => {
    const once = way.seal(engine, way.write(record)).record
    const twice = way.seal(engine, once)
    expect(twice.edited).toBe(false)
    deepStrictEqual(twice.record, once)
  })

  test('what it writes and reads is the corpus', () => {
    const records = carried.map(({ record }) => record)
    expect(records.map((record) => way.read(way.write(record)))).toEqual(records)
  })
})

test('most of the corpus comes as objects', () => {
  const [logger, sdk] = OBJECT_WAYS.map((way) => CORPUS.filter(({ record }) => way.carries(record)).length)
  expect(logger).toBeGreaterThan(25)
  expect(sdk).toBeGreaterThan(30)
})

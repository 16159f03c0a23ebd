import { describe, expect, test } from 'vitest'
import { detectorByName } from '../../detectors/index.ts'
import { VALIDATORS } from '../../detectors/validators.ts'
import { accepts } from './checksum-vectors/accepts.ts'
import { COUNTERPARTS } from './checksum-vectors/counterparts.ts'
import { DIFFERENCES, WITHOUT_COUNTERPART } from './checksum-vectors/differences.ts'
import { FILES, PRESENT, readVectors, type Vector } from './checksum-vectors/vectors.ts'

/** Whether ours say the same of a value. */
function agrees({ validator, value, valid }: Vector): boolean {
  return COUNTERPARTS[validator]!.some((name) => accepts(name, value)) === valid
}

describe.skipIf(!PRESENT)('checksum vectors of other projects (skipped where ../shared/vectors is absent)', () => {
  const all = FILES.flatMap(readVectors)

  test.each(FILES)('%s: ours agree on every value but those that are named', (file) => {
    const vectors = readVectors(file).filter(({ validator }) => COUNTERPARTS[validator] !== undefined)
    const different = vectors.filter((vector) => !agrees(vector))
    console.log(`${file}: ${vectors.length - different.length} of ${vectors.length} agree`)
    expect(vectors.length).toBeGreaterThan(200)
    expect(different.map(({ id }) => id).filter((id) => DIFFERENCES[id] === undefined)).toEqual([])
  })

  test('every difference that is named is one', () => {
    const different = all.filter((vector) => COUNTERPARTS[vector.validator] !== undefined && !agrees(vector))
    const ids = new Set(different.map(({ id }) => id))
    expect(Object.keys(DIFFERENCES).filter((id) => !ids.has(id))).toEqual([])
  })

  test('every counterpart is in the catalogue', () => {
    const names = Object.values(COUNTERPARTS).flat()
    expect(names.filter((name) => detectorByName(name) === undefined && !VALIDATORS.has(name))).toEqual([])
    const validators = new Set(all.map(({ validator }) => validator))
    expect(Object.keys(COUNTERPARTS).filter((name) => !validators.has(name))).toEqual([])
  })

  test('a validator without a counterpart is of a country’s companies or numbers that the catalogue lacks, or named', () => {
    const without = new Set(all.map(({ validator }) => validator).filter((name) => COUNTERPARTS[name] === undefined))
    const named = [...without].filter((name) => !/^[a-z]{2,3}\//.test(name))
    expect(named.sort()).toEqual(Object.keys(WITHOUT_COUNTERPART).sort())
    console.log(`without a counterpart: ${[...without].sort().join(' ')}`)
  })
})

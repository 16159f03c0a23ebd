import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDER = new URL('../../../../processor/leak-scan/independent/', import.meta.url)

/** Of everything else in this repository, what a mistake of would be made twice. */
const SHARED = [
  '../../../detectors/clean-names.ts',
  '../../../detectors/detector.ts',
  '../../../detectors/index.ts',
  '../../../detectors/set.ts',
  '../../../rules/path.ts',
  '../../errors.ts',
  '../../jwe/sealed-value.ts',
  '../../telemetry/leak-names.ts',
  '../../telemetry/leaks.ts',
]

test('it shares detectors, the form of sealed values the patterns of paths and the names in metrics with the engine, and nothing else', () => {
  const imported = new Set<string>()
  for (const file of readdirSync(FOLDER)) {
    for (const [, from] of readFileSync(new URL(file, FOLDER), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g))
      imported.add(from!)
  }
  const others = [...imported].filter((from) => !from.startsWith('./'))
  expect(others.sort()).toEqual([...SHARED, 'node:buffer'].sort())
})

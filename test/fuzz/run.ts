import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FORMAT_NAMES, type FormatName } from '../../processor/index.ts'
import { type Failed, outcomeOf, runOne } from './campaign.ts'
import { ENGINES } from './engines.ts'
import { superlinear } from './growth.ts'
import { minimise } from './minimise.ts'
import { Random } from './random.ts'

/**
 * Fuzzes for as long as it is told to: `node test/fuzz/run.ts [--minutes 5] [--seed 1] [--format otlp-json] [--skip-growth]`.
 * At the first failure it writes the smallest input that it finds to a file, as base64, and ends with code 1. It begins
 * with the question whether time grows with the bytes, which needs a machine that does nothing else.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    format: { type: 'string' },
    'skip-growth': { type: 'boolean' },
  },
})
const formats = values.format === undefined ? FORMAT_NAMES : FORMAT_NAMES.filter((name) => name === values.format)
if (formats.length === 0) throw new Error(`--format is one of ${FORMAT_NAMES.join(', ')}`)
const seed = values.seed === undefined ? Date.now() % 2 ** 32 : Number(values.seed)
console.log(`seed ${seed}`)

for (const found of values['skip-growth'] === true ? [] : superlinear()) {
  console.error(found)
  process.exitCode = 1
}

const stop = Date.now() + Number(values.minutes) * 60_000
const seeds = new Random(seed)
let failed: Failed | undefined
let inputs = 0
while (failed === undefined && Date.now() < stop) {
  failed = runOne(seeds.seed(), formats)
  inputs += 1
}
console.log(`${inputs} inputs`)
if (failed !== undefined) report(failed)

function report({ format, engine, seed, what, input }: Failed): void {
  const index = ENGINES.findIndex(({ name }) => name === engine)
  const kind = firstLine(what)
  const fails = (candidate: Buffer) => firstLine(outcomeOf(format as FormatName, index, candidate, seed) ?? '') === kind
  // Engines remember paths: what fails after many inputs may not fail by itself.
  const smallest = fails(input) ? minimise(input, fails) : input
  const file = join(mkdtempSync(join(tmpdir(), 'fieldseal-fuzz-')), 'input.base64')
  writeFileSync(file, smallest.toString('base64'))
  console.error(`${format}, ${engine}, input seed ${seed}: ${what}`)
  console.error(`${smallest.length} of ${input.length} bytes: ${file}`)
  process.exitCode = 1
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}

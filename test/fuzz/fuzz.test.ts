import { expect, test } from 'vitest'
import { FORMAT_NAMES } from '../../processor/index.ts'
import { runOne } from './campaign.ts'
import { Random } from './random.ts'

/** Inputs per format: some seconds of work for each. `npm run fuzz` goes on from any seed for as long as it is told. */
const INPUTS = { 'json-lines': 1000, 'otlp-json': 1000, 'otlp-protobuf': 1500, forward: 800, text: 500 } as const

test.each(FORMAT_NAMES)('nothing that can be made of %s breaks a promise', (format) => {
  const seeds = new Random(20261124)
  for (let input = 0; input < INPUTS[format]; input += 1) {
    const failed = runOne(seeds.seed(), [format])
    const report = failed && { ...failed, input: failed.input.toString('base64') }
    expect(report).toBeUndefined()
  }
})

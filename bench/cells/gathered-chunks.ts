import type { RuleCount } from './cell.ts'
import { threeKeyPairs } from './key-pairs.ts'
import { product } from './product.ts'
import { ruleSet } from './rule-sets.ts'

/** What the engine with that rule set hands to its matcher for one OTLP request: at most 64 values in a buffer. */
export async function chunkGatherer(rules: RuleCount): Promise<(bytes: Buffer) => Buffer[]> {
  const [
    { DEFAULT_SETTINGS },
    { RecordSealer },
    { FORMATS },
    { recipientFromJwk },
    { compileRules },
    { ruleFileSchema },
  ] = await Promise.all([
    product.api(),
    product.recordSealer(),
    product.formats(),
    product.recipients(),
    product.compile(),
    product.schema(),
  ])
  const pairs = await threeKeyPairs('P-256')
  const compiled = compileRules(ruleFileSchema.parse({ rules: ruleSet(rules) }).rules, { hashKeys: new Map() })
  if (!('plan' in compiled)) throw new Error('the rule set does not compile')
  const recipients = new Map(pairs.map(({ name, publicJwk }) => [name, recipientFromJwk({ ...publicJwk })]))
  const groups = new Map([['default', pairs.map(({ name }) => name)]])
  const sealer = new RecordSealer(compiled.plan, recipients, groups, DEFAULT_SETTINGS)
  return (bytes) => sealer.chunks(bytes, FORMATS['otlp-protobuf'])
}

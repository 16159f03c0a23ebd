import { CONTENT_TYPES, headerTemplate } from '../../processor/jwe/envelope.ts'
import type { SealedValue, Serialization } from '../../processor/jwe/sealer.ts'
import { KEY_PAIRS, type KeyPair, KINDS, sealer, setOf } from '../processor/jwe/fixtures.ts'

export interface InteropValue extends SealedValue {
  readonly serialization: Serialization
  readonly plaintext: Buffer
  /** The keys that open it. */
  readonly pairs: readonly KeyPair[]
}

export const VALUE_COUNT = 24

/** Twelve general values for all three kinds of keys and twelve compact ones, four for each kind. */
export function interopValues(): InteropValue[] {
  const all = KINDS.map((kind) => KEY_PAIRS[kind])
  const tested = sealer()
  const plans = Array.from({ length: VALUE_COUNT }, (_, at) => {
    const isGeneral = at < VALUE_COUNT / 2
    return {
      serialization: isGeneral ? ('general' as const) : ('compact' as const),
      pairs: isGeneral ? all : [all[at % all.length]!],
      plaintext: Buffer.from(`value ${at}: Jürgen, ${'x'.repeat(at * at)}`),
      header: headerTemplate({ cty: CONTENT_TYPES[at % CONTENT_TYPES.length]!, path: `attributes["ü ${at}"]` }),
    }
  })
  const sealed = tested.seal(plans.map((plan) => ({ ...plan, to: setOf(tested, plan.pairs) })))
  return plans.map(({ serialization, pairs, plaintext }, at) => ({ serialization, pairs, plaintext, ...sealed[at]! }))
}

/** An attribute of a metric. */
interface AttributeFacts {
  readonly description: string
  /** Every value that it can have, where they are few and known here. */
  readonly values?: readonly string[]
  /** True where it is left out of some measurements. */
  readonly optional?: true
}

/**
 * Every attribute of a metric. Each has few values, all of them from our own tables or from the rules: whoever writes
 * logs cannot make a new one, and nothing of a record stands in any.
 */
export const ATTRIBUTES = {
  'fieldseal.format': {
    description:
      'The format of the batch, by the name that `--format` knows; of a record in a program `object` or `log-record`.',
  },
  'fieldseal.outcome': {
    description: 'Whether the batch may be passed on.',
    values: ['processed', 'failed'],
  },
  'error.type': {
    description: 'The [code of the error](errors.md); there where the outcome is `failed`.',
    optional: true,
  },
  'fieldseal.rule.id': { description: 'The id of the rule, as the rule file has it.' },
  'fieldseal.rule.action': { description: 'What the rule does: `drop`, `seal`, `hash` or `mask`.' },
  'fieldseal.value.state': {
    description: 'What a sealed value is after opening.',
    values: ['opened', 'sealed'],
  },
  'fieldseal.refusal.reason': {
    description:
      'Why a value stays sealed: it is no JWE that could be ours, it is for none of the keys, its header asks for what is not allowed, or its content was altered.',
    values: ['malformed', 'no-key', 'policy', 'authentication'],
  },
} as const satisfies Record<string, AttributeFacts>

export type AttributeName = keyof typeof ATTRIBUTES

interface MetricFacts {
  readonly kind: 'counter' | 'histogram'
  /** UCUM, as OpenTelemetry writes units: `By`, `s`, `{record}`. */
  readonly unit: string
  readonly description: string
  readonly attributes: readonly AttributeName[]
  /** Upper bounds of a histogram's buckets. What an SDK takes by itself is made for milliseconds. */
  readonly buckets?: readonly number[]
}

/**
 * Every metric, by its name. `docs/reference/metrics.md` is generated from this table, and nothing is recorded that is
 * not in it.
 */
export const METRICS = {
  'fieldseal.sealing.batches': {
    kind: 'counter',
    unit: '{batch}',
    description: 'Batches handed to an engine.',
    attributes: ['fieldseal.format', 'fieldseal.outcome', 'error.type'],
  },
  'fieldseal.sealing.records': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records of batches that were processed. How many a failed batch holds is not known.',
    attributes: ['fieldseal.format'],
  },
  'fieldseal.sealing.input.size': {
    kind: 'counter',
    unit: 'By',
    description: 'Bytes of batches as they came in.',
    attributes: ['fieldseal.format', 'fieldseal.outcome', 'error.type'],
  },
  'fieldseal.sealing.values': {
    kind: 'counter',
    unit: '{value}',
    description: 'Values that a rule acted on, of batches that were processed.',
    attributes: ['fieldseal.rule.id', 'fieldseal.rule.action'],
  },
  'fieldseal.sealing.audited': {
    kind: 'counter',
    unit: '{value}',
    description: 'Values that a rule in audit would have acted on, of batches that were processed.',
    attributes: ['fieldseal.rule.id', 'fieldseal.rule.action'],
  },
  'fieldseal.sealing.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Time from a batch to the sealed batch, or to the error.',
    attributes: ['fieldseal.format', 'fieldseal.outcome', 'error.type'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  'fieldseal.opening.values': {
    kind: 'counter',
    unit: '{value}',
    description: 'Sealed values found in batches that were opened.',
    attributes: ['fieldseal.format', 'fieldseal.value.state'],
  },
  'fieldseal.opening.refusals': {
    kind: 'counter',
    unit: '{value}',
    description: 'Sealed values that no key at hand could open.',
    attributes: ['fieldseal.format', 'fieldseal.refusal.reason'],
  },
} as const satisfies Record<string, MetricFacts>

export type MetricName = keyof typeof METRICS

type Kind<K extends MetricFacts['kind']> = {
  [M in MetricName]: (typeof METRICS)[M]['kind'] extends K ? M : never
}[MetricName]

export type CounterName = Kind<'counter'>
export type HistogramName = Kind<'histogram'>

type ValueOf<A extends AttributeName> = (typeof ATTRIBUTES)[A] extends { readonly values: readonly (infer V)[] }
  ? V
  : string

type Optional = {
  [A in AttributeName]: (typeof ATTRIBUTES)[A] extends { readonly optional: true } ? A : never
}[AttributeName]

/** The attributes of a metric: those of the table, no more and no fewer. */
export type AttributesOf<M extends MetricName> = {
  [A in Exclude<(typeof METRICS)[M]['attributes'][number], Optional>]: ValueOf<A>
} & {
  [A in Extract<(typeof METRICS)[M]['attributes'][number], Optional>]?: ValueOf<A>
}

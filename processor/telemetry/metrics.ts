import type { ATTRIBUTES, AttributeName } from './attributes.ts'

export { ATTRIBUTES, type AttributeName } from './attributes.ts'

interface MetricFacts {
  /** A gauge is observed: it is read when somebody collects. So is a counter that the system keeps. */
  readonly kind: 'counter' | 'histogram' | 'gauge'
  /** UCUM, as OpenTelemetry writes units: `By`, `s`, `{record}`. */
  readonly unit: string
  readonly description: string
  readonly attributes: readonly AttributeName[]
  /** Upper bounds of a histogram's buckets. What an SDK takes by itself is made for milliseconds. */
  readonly buckets?: readonly number[]
  /** Of a counter: its sum is read when somebody collects. Nothing is added to it. */
  readonly observed?: true
}

/** Seconds of work on one batch. */
const WORK = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const
/** Seconds until somebody else has answered, or given up. */
const WAITING = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const
/** An epoch ends with its time or with 2^20 wraps, unless the configuration says otherwise. */
const WRAPS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576] as const

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
    buckets: WORK,
  },
  'fieldseal.seal.duration': {
    kind: 'histogram',
    unit: 's',
    description:
      'Time in which all values of one call were sealed, key agreement included: a part of `fieldseal.sealing.duration`.',
    attributes: [],
    buckets: WORK,
  },
  'fieldseal.epoch.begun': {
    kind: 'counter',
    unit: '{epoch}',
    description: 'Epochs begun: key agreements with all recipients of a list. Probes count.',
    attributes: [],
  },
  'fieldseal.epoch.wraps': {
    kind: 'histogram',
    unit: '{wrap}',
    description:
      'Content keys that were encrypted in an epoch, at its end. Epochs of `strict` have one each, and are left out.',
    attributes: [],
    buckets: WRAPS,
  },
  'fieldseal.opening.values': {
    kind: 'counter',
    unit: '{value}',
    description: 'Sealed values found in batches that were opened.',
    attributes: ['fieldseal.format', 'fieldseal.value.state', 'fieldseal.recipient.kid'],
  },
  'fieldseal.opening.refusals': {
    kind: 'counter',
    unit: '{value}',
    description: 'Sealed values that no key at hand could open.',
    attributes: ['fieldseal.format', 'fieldseal.refusal.reason', 'fieldseal.recipient.kid'],
  },
  'fieldseal.opening.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Time in which a batch was opened.',
    attributes: ['fieldseal.format'],
    buckets: WORK,
  },
  'fieldseal.source.batches': {
    kind: 'counter',
    unit: '{batch}',
    description: 'Batches that a source has passed on to be sealed, by what became of them.',
    attributes: ['fieldseal.source', 'fieldseal.settlement', 'error.type'],
  },
  'fieldseal.source.records': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records of those batches. Of what could not be sealed they are not known, and not counted.',
    attributes: ['fieldseal.source', 'fieldseal.settlement'],
  },
  'fieldseal.source.input.size': {
    kind: 'counter',
    unit: 'By',
    description: 'Bytes of those batches, decompressed.',
    attributes: ['fieldseal.source', 'fieldseal.settlement'],
  },
  'fieldseal.source.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Time from a batch of a source to its settlement: sealing, and all required sinks.',
    attributes: ['fieldseal.source', 'fieldseal.settlement'],
    buckets: WAITING,
  },
  'fieldseal.sink.batches': {
    kind: 'counter',
    unit: '{batch}',
    description: 'Sealed batches handed to a sink, by what became of them.',
    attributes: ['fieldseal.sink', 'fieldseal.settlement', 'error.type'],
  },
  'fieldseal.sink.records': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records of those batches.',
    attributes: ['fieldseal.sink', 'fieldseal.settlement'],
  },
  'fieldseal.sink.output.size': {
    kind: 'counter',
    unit: 'By',
    description: 'Bytes of those batches, before the sink converts or compresses them.',
    attributes: ['fieldseal.sink', 'fieldseal.settlement'],
  },
  'fieldseal.sink.rejected': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records that the backend of a sink did not want though it took their batch.',
    attributes: ['fieldseal.sink'],
  },
  'fieldseal.sink.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Time until a sink has settled a batch, repetitions included.',
    attributes: ['fieldseal.sink', 'fieldseal.settlement'],
    buckets: WAITING,
  },
  'fieldseal.recipient.key.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Time since the day that the configuration names as `created`.',
    attributes: ['fieldseal.recipient', 'fieldseal.recipient.kid'],
  },
  'fieldseal.recipient.key.remaining': {
    kind: 'gauge',
    unit: 's',
    description: 'Time until the configured `expires`; below 0 afterwards.',
    attributes: ['fieldseal.recipient', 'fieldseal.recipient.kid'],
  },
  'fieldseal.recipient.usable': {
    kind: 'gauge',
    unit: '{recipient}',
    description: '1 where values can be sealed for the recipient, 0 where its key has expired.',
    attributes: ['fieldseal.recipient', 'fieldseal.recipient.kid'],
  },
  'fieldseal.leak.findings': {
    kind: 'counter',
    unit: '{finding}',
    description: 'What detectors found in records that should have nothing left to find.',
    attributes: ['fieldseal.leak.scan', 'fieldseal.detector', 'fieldseal.path', 'service.name'],
  },
  'fieldseal.leak.records': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records with at least one such finding.',
    attributes: ['fieldseal.leak.scan', 'service.name'],
  },
  'fieldseal.leak.scanned': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records that were looked through.',
    attributes: ['fieldseal.leak.scan'],
  },
  'fieldseal.leak.sealed': {
    kind: 'counter',
    unit: '{value}',
    description: 'Such findings that were sealed then and there.',
    attributes: ['fieldseal.detector'],
  },
  'fieldseal.leak.refused': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records that were not passed on because of such findings.',
    attributes: [],
  },
  'fieldseal.configuration.reloads': {
    kind: 'counter',
    unit: '{reload}',
    description: 'Reloads of the configuration.',
    attributes: ['fieldseal.reload.result'],
  },
  'fieldseal.configuration.info': {
    kind: 'gauge',
    unit: '{configuration}',
    description: '1 for the configuration that is in use.',
    attributes: ['fieldseal.configuration.hash', 'service.version'],
  },
  'fieldseal.in_flight.batches': {
    kind: 'gauge',
    unit: '{batch}',
    description: 'Batches under way.',
    attributes: [],
  },
  'fieldseal.in_flight.size': {
    kind: 'gauge',
    unit: 'By',
    description: 'Bytes reserved for batches under way.',
    attributes: [],
  },
  'fieldseal.in_flight.limit': {
    kind: 'gauge',
    unit: 'By',
    description: 'Bytes that may be reserved: `service.in_flight.total`.',
    attributes: [],
  },
  'fieldseal.ready': {
    kind: 'gauge',
    unit: '{worker}',
    description: '1 while the worker takes batches, otherwise 0. Workers are missing that do not run.',
    attributes: [],
  },
  'fieldseal.canary.runs': {
    kind: 'counter',
    unit: '{run}',
    description: 'Runs of the canary: a planted record that went the whole way and was looked for.',
    attributes: ['fieldseal.canary.result', 'fieldseal.canary.fault'],
  },
  'fieldseal.canary.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Time of one run.',
    attributes: [],
    buckets: WAITING,
  },
  'fieldseal.canary.last.success': {
    kind: 'gauge',
    unit: 's',
    description: 'Unix time of the last run that passed.',
    attributes: ['fieldseal.recipient'],
  },
  'nodejs.eventloop.delay.p50': {
    kind: 'gauge',
    unit: 's',
    description: 'Delay of the event loop since it was last read, median.',
    attributes: [],
  },
  'nodejs.eventloop.delay.p99': {
    kind: 'gauge',
    unit: 's',
    description: 'The same, 99th percentile.',
    attributes: [],
  },
  'nodejs.eventloop.delay.max': {
    kind: 'gauge',
    unit: 's',
    description: 'The same, longest.',
    attributes: [],
  },
  'process.memory.usage': {
    kind: 'gauge',
    unit: 'By',
    description: 'Physical memory of the process (RSS).',
    attributes: [],
  },
  'process.cpu.time': {
    kind: 'counter',
    unit: 's',
    description: 'Processor time of the process.',
    attributes: ['cpu.mode'],
    observed: true,
  },
} as const satisfies Record<string, MetricFacts>

export type MetricName = keyof typeof METRICS

type Kind<K extends MetricFacts['kind']> = {
  [M in MetricName]: (typeof METRICS)[M]['kind'] extends K ? M : never
}[MetricName]

/** What is read when somebody collects. */
export type ObservedName =
  | Kind<'gauge'>
  | { [M in MetricName]: (typeof METRICS)[M] extends { readonly observed: true } ? M : never }[MetricName]
export type CounterName = Exclude<Kind<'counter'>, ObservedName>
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

/** Files that belong together, and what they may know beside each other. */
export interface Layer {
  readonly name: string
  /** A folder, or one file. */
  readonly paths: readonly string[]
  /** Names of other layers. */
  readonly knows: readonly string[]
  /** Modules of Node; undefined where all are allowed. */
  readonly builtins?: readonly string[]
  /** Whether it may import packages that are optional peers: users of it have them. */
  readonly peers?: boolean
}

/** What is pure reads no files, opens no sockets and starts nothing. */
const PURE = ['node:buffer', 'node:crypto']

/** Who may import whom, from the bottom up. What is not listed is a breach. */
export const LAYERS: readonly Layer[] = [
  // Loads what is native, and can be missing.
  { name: 're2', paths: ['detectors/re2.ts'], knows: [], builtins: ['node:module'] },
  { name: 'detectors', paths: ['detectors/'], knows: ['re2'], builtins: PURE },
  { name: 'rules', paths: ['rules/'], knows: ['re2', 'detectors'], builtins: PURE },
  { name: 'errors', paths: ['processor/errors.ts'], knows: [] },
  { name: 'secret', paths: ['processor/secret.ts'], knows: [] },
  { name: 'pattern engine', paths: ['processor/pattern-engine.ts'], knows: ['re2', 'errors'] },
  // What is measured is handed to it, as numbers and names: it cannot come by a record, a key or a rule.
  { name: 'telemetry', paths: ['processor/telemetry/'], knows: ['errors'] },
  // Both work value by value, and nothing is reported of a single value.
  { name: 'jwe', paths: ['processor/jwe/'], knows: ['errors', 'secret'] },
  // It must see what the engine does wrong: it reads formats anew, and of the rules knows how paths are written.
  {
    name: 'independent scan',
    paths: ['processor/leak-scan/independent/'],
    knows: ['errors', 'telemetry', 'jwe', 'detectors', 'rules'],
  },
  { name: 'formats', paths: ['processor/formats/'], knows: ['errors', 'secret', 'detectors', 'rules'] },
  { name: 'units', paths: ['processor/config/units.ts', 'processor/config/network.ts'], knows: ['secret'] },
  // What can be set of each source and sink: the configuration knows that much of them.
  {
    name: 'settings',
    paths: [
      'processor/sources/settings.ts',
      'processor/sources/reading.ts',
      'processor/sources/otlp-http/settings.ts',
      'processor/sources/otlp-grpc/settings.ts',
      'processor/sources/forward/settings.ts',
      'processor/sources/lines/settings.ts',
      'processor/sources/files/settings.ts',
      'processor/sources/stdin/settings.ts',
      'processor/sinks/settings.ts',
      'processor/sinks/otlp-http/settings.ts',
      'processor/sinks/otlp-grpc/settings.ts',
      'processor/sinks/retry/settings.ts',
      'processor/sinks/line-format.ts',
      'processor/sinks/file/settings.ts',
      'processor/sinks/stdout/settings.ts',
      'processor/sinks/forward/settings.ts',
    ],
    knows: ['units'],
  },
  {
    name: 'config',
    paths: ['processor/config/'],
    knows: ['errors', 'secret', 'pattern engine', 'telemetry', 'jwe', 'detectors', 'rules', 'units', 'settings'],
  },
  {
    name: 'engine',
    paths: ['processor/engine/', 'processor/engine.ts', 'processor/open.ts'],
    knows: ['errors', 'secret', 'pattern engine', 'telemetry', 'jwe', 'formats', 'detectors', 'rules'],
  },
  {
    name: 'contracts',
    paths: [
      'processor/pipeline/settlement.ts',
      'processor/pipeline/byte-budget.ts',
      'processor/pipeline/memory.ts',
      'processor/sources/source.ts',
      'processor/sinks/sink.ts',
    ],
    knows: ['errors', 'telemetry', 'formats'],
  },
  // It knows the contracts alone: no source, no sink.
  {
    name: 'pipeline',
    paths: ['processor/pipeline/'],
    knows: ['errors', 'telemetry', 'independent scan', 'formats', 'engine', 'contracts'],
  },
  { name: 'http', paths: ['processor/http/'], knows: ['errors', 'secret', 'formats', 'units'] },
  { name: 'forward', paths: ['processor/forward/'], knows: ['errors', 'secret', 'formats', 'units'] },
  {
    name: 'sources',
    paths: ['processor/sources/'],
    knows: ['errors', 'secret', 'telemetry', 'formats', 'units', 'settings', 'contracts', 'http', 'forward'],
  },
  {
    name: 'sinks',
    paths: ['processor/sinks/'],
    knows: ['errors', 'secret', 'telemetry', 'formats', 'units', 'settings', 'contracts', 'http', 'forward'],
  },
  // Life cycle: it is given sources, sinks and engines, and does not know which.
  {
    name: 'service',
    paths: ['processor/service/'],
    knows: ['errors', 'secret', 'telemetry', 'units', 'config', 'engine', 'contracts', 'pipeline', 'http'],
  },
  {
    name: 'compose',
    paths: ['processor/compose.ts', 'processor/compose-service.ts'],
    knows: [
      'errors',
      'secret',
      'telemetry',
      'jwe',
      'formats',
      'units',
      'settings',
      'config',
      'engine',
      'contracts',
      'pipeline',
      'sources',
      'sinks',
      'service',
      'detectors',
      'rules',
    ],
  },
  // Tools for people who write rules, on the engine that production runs. The service knows nothing of them.
  {
    name: 'authoring',
    paths: ['processor/authoring/'],
    knows: ['errors', 'secret', 'jwe', 'formats', 'config', 'engine', 'compose', 'detectors', 'rules'],
  },
  // Looks into logs that are there: the walks and the prefilter of the engine, and how files are told apart and inflated.
  {
    name: 'scanning',
    paths: ['processor/scanning/'],
    knows: ['errors', 'pattern engine', 'jwe', 'formats', 'engine', 'sources', 'authoring', 'detectors', 'rules'],
  },
  {
    name: 'public API',
    paths: ['processor/index.ts'],
    knows: ['errors', 'formats', 'engine', 'compose', 'rules'],
  },
  // Inside of loggers: what those are made of is the user's, who has them already.
  {
    name: 'transports',
    paths: ['processor/transports/'],
    knows: ['errors', 'secret', 'telemetry', 'formats', 'config', 'engine', 'compose', 'detectors'],
    peers: true,
  },
  // Looks at a service from outside: it knows what the rules say, and nothing of how the service runs.
  {
    name: 'canary',
    paths: ['processor/canary/'],
    knows: [
      'errors',
      'secret',
      'telemetry',
      'jwe',
      'formats',
      'units',
      'config',
      'engine',
      'compose',
      'authoring',
      'transports',
      'detectors',
      'rules',
    ],
  },
  {
    name: 'cli',
    paths: ['processor/cli/'],
    knows: [
      'errors',
      'secret',
      'telemetry',
      'jwe',
      'formats',
      'units',
      'config',
      'engine',
      'http',
      'forward',
      'service',
      'compose',
      'authoring',
      'scanning',
      'canary',
      'detectors',
      'rules',
    ],
  },
]

/** Packages that only one layer may load, by name: what embeds Fieldseal has an SDK of its own, or wants none. */
export const RESERVED: ReadonlyMap<string, string> = new Map(
  [
    '@opentelemetry/exporter-metrics-otlp-http',
    '@opentelemetry/exporter-prometheus',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-metrics',
    '@opentelemetry/sdk-trace',
  ].map((name) => [name, 'service']),
)

/** Layers are for what ships; what measures and tests it may know everything. */
export const FREE = ['bench/', 'scripts/', 'test/']

export function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ paths }) =>
    paths.some((prefix) => (prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix)),
  )
}

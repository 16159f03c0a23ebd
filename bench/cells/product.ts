/**
 * What ships, as `npm run build` left it in dist/. The types are those of the sources; the code that runs is the built
 * JavaScript.
 */
const built = (path: string): Promise<unknown> => import(new URL(`../../dist/${path}`, import.meta.url).href)

export const product = {
  api: () => built('processor/index.js') as Promise<typeof import('../../processor/index.ts')>,
  recordSealer: () =>
    built('processor/engine/seal-records.js') as Promise<typeof import('../../processor/engine/seal-records.ts')>,
  formats: () => built('processor/formats/index.js') as Promise<typeof import('../../processor/formats/index.ts')>,
  compile: () => built('rules/compile.js') as Promise<typeof import('../../rules/compile.ts')>,
  schema: () => built('rules/schema/index.js') as Promise<typeof import('../../rules/schema/index.ts')>,
  scanning: () =>
    built('processor/scanning/measured.js') as Promise<typeof import('../../processor/scanning/measured.ts')>,
  sampledScan: () =>
    built('processor/pipeline/sampled-scan.js') as Promise<typeof import('../../processor/pipeline/sampled-scan.ts')>,
  leakScan: () => built('rules/leak-scan.js') as Promise<typeof import('../../rules/leak-scan.ts')>,
  detectors: () => built('detectors/index.js') as Promise<typeof import('../../detectors/index.ts')>,
  sealer: () => built('processor/jwe/sealer.js') as Promise<typeof import('../../processor/jwe/sealer.ts')>,
  envelope: () => built('processor/jwe/envelope.js') as Promise<typeof import('../../processor/jwe/envelope.ts')>,
  recipients: () => built('processor/jwe/recipients.js') as Promise<typeof import('../../processor/jwe/recipients.ts')>,
  privateKeys: () =>
    built('processor/jwe/private-keys.js') as Promise<typeof import('../../processor/jwe/private-keys.ts')>,
  opener: () => built('processor/jwe/opener.js') as Promise<typeof import('../../processor/jwe/opener.ts')>,
  pino: () =>
    built('processor/transports/pino/index.js') as Promise<typeof import('../../processor/transports/pino/index.ts')>,
  winston: () =>
    built('processor/transports/winston/index.js') as Promise<
      typeof import('../../processor/transports/winston/index.ts')
    >,
  sources: () => built('processor/sources/index.js') as Promise<typeof import('../../processor/sources/index.ts')>,
  sourceSettings: () =>
    built('processor/sources/settings.js') as Promise<typeof import('../../processor/sources/settings.ts')>,
  sinks: () => built('processor/sinks/index.js') as Promise<typeof import('../../processor/sinks/index.ts')>,
  sinkSettings: () =>
    built('processor/sinks/settings.js') as Promise<typeof import('../../processor/sinks/settings.ts')>,
  byteBudget: () =>
    built('processor/pipeline/byte-budget.js') as Promise<typeof import('../../processor/pipeline/byte-budget.ts')>,
  memory: () => built('processor/pipeline/memory.js') as Promise<typeof import('../../processor/pipeline/memory.ts')>,
  log: () => built('processor/telemetry/log.js') as Promise<typeof import('../../processor/telemetry/log.ts')>,
}

import { resourceFromAttributes } from '@opentelemetry/resources'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FormatName } from '../../../../processor/index.ts'
import { SealingLogRecordExporter, SealingLogRecordProcessor } from '../../../../processor/transports/otel/index.ts'
import { CORPUS } from '../../../conformance/corpus.ts'
import type { LogRecord } from '../../../conformance/model.ts'
import { normalised } from '../../../conformance/normalised.ts'
import { SDK_WAY } from '../../../conformance/object-ways.ts'
import { RULES } from '../../../conformance/rules.ts'
import { WAYS } from '../../../conformance/ways.ts'
import { engineFor } from '../../engine/fixtures.ts'
import { Backend, type Exporter, LINES, OTLP, type Sdk } from './sdk.ts'

/** What the collector stage does to OTLP, the exporter does to the SDK's records before they become OTLP. */
const REFERENCE = WAYS[0]!

const engine = engineFor(RULES)
const backend = new Backend()
beforeAll(() => backend.start())
afterAll(async () => {
  engine.close()
  await backend.stop()
})

type Wrap = (sdk: Sdk, exporter: Exporter) => InstanceType<Sdk['BatchLogRecordProcessor']> | SealingLogRecordProcessor

/** JavaScript has one type of number, and objects have each key once; an attribute of the SDK has a name. */
const NOT_CARRIED = ['a card as a double', 'a whole number', 'a whole double', 'odd keys', 'keys that occur twice']
/** The exporter writes `null` for them, which is no OTLP. */
const NO_JSON = 'doubles that JSON lacks'

/** Examples that leave the SDK otherwise than they were logged, without Fieldseal as well. */
const NOT_SAID: Readonly<Partial<Record<FormatName, readonly string[]>>> = {
  'otlp-protobuf': NOT_CARRIED,
  'otlp-json': NOT_CARRIED.toSpliced(4, 0, NO_JSON),
}

/** What a backend gets of a record that is logged. */
async function sent(sdk: Sdk, { exporter, read }: (typeof OTLP)[number], wrap: Wrap, record: LogRecord) {
  const { resource, instrumentationScope, body, attributes } = SDK_WAY.write(record) as {
    [field: string]: { attributes: Record<string, never> }
  }
  const provider = new sdk.LoggerProvider({
    resource: resourceFromAttributes(resource!.attributes),
    processors: [wrap(sdk, exporter(backend.url))],
  })
  const logger = provider.getLogger('name', undefined, { attributes: instrumentationScope!.attributes })
  logger.emit({ body: body as never, attributes: attributes as never })
  await provider.shutdown()
  // The exporter of JSON writes an empty body where there is none.
  return backend
    .take()
    .flatMap(read)
    .map((one) => (record.body === undefined && one.body?.type === 'null' ? { ...one, body: undefined } : one))
}

const plain: Wrap = (sdk, exporter) => new sdk.BatchLogRecordProcessor({ exporter })
const FORMS: readonly { form: string; wrap: Wrap }[] = [
  { form: 'exporter', wrap: (sdk, exporter) => plain(sdk, new SealingLogRecordExporter(exporter, { engine })) },
  { form: 'processor', wrap: (sdk, exporter) => new SealingLogRecordProcessor(plain(sdk, exporter), { engine }) },
]

describe.each(LINES)('sdk-logs $line', ({ sdk }) => {
  test.each(OTLP.flatMap((otlp) => FORMS.map((one) => ({ ...otlp, ...one }))))(
    'by the $form, as $format, the same is done to the corpus as by the collector stage',
    async ({ wrap, ...otlp }) => {
      const left: string[] = []
      for (const { name, record } of CORPUS) {
        if (!SDK_WAY.carries(record) || (otlp.format === 'otlp-json' && name === NO_JSON)) {
          left.push(name)
          continue
        }
        const [carried] = await sent(sdk, otlp, plain, record)
        if (JSON.stringify(carried, bigints) !== JSON.stringify(record, bigints)) {
          left.push(name)
          continue
        }
        const expected = normalised(REFERENCE.read(engine.seal(REFERENCE.write([record]), REFERENCE.format).bytes)[0]!)
        const [received] = await sent(sdk, otlp, wrap, record)
        expect(normalised(received!), name).toEqual(expected)
      }
      expect(left).toEqual(NOT_SAID[otlp.format])
    },
  )
})

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

import * as three from '@opentelemetry/sdk-logs'
import * as zero from 'sdk-logs-0'
import { expect, test } from 'vitest'
import { SealingLogRecordExporter, SealingLogRecordProcessor } from '../../../../processor/transports/otel/index.ts'
import { canaryEngine } from '../canaries.ts'

/** Nothing is cast here: what the compiler takes is the test. */
test('both lines of the SDK take them by their types, and have what they take', () => {
  const engine = canaryEngine()
  const ofThree = new SealingLogRecordExporter(new three.InMemoryLogRecordExporter(), { engine })
  const ofZero = new SealingLogRecordExporter(new zero.InMemoryLogRecordExporter(), { engine })
  const providers = [
    new three.LoggerProvider({
      processors: [
        new three.BatchLogRecordProcessor({ exporter: ofThree }),
        new SealingLogRecordProcessor(new three.SimpleLogRecordProcessor({ exporter: ofThree }), { engine }),
      ],
    }),
    new zero.LoggerProvider({
      processors: [
        new zero.BatchLogRecordProcessor({ exporter: ofZero }),
        new SealingLogRecordProcessor(new zero.SimpleLogRecordProcessor({ exporter: ofZero }), { engine }),
      ],
    }),
  ]
  expect(providers).toHaveLength(2)
  engine.close()
})

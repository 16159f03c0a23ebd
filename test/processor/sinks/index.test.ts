import { expect, test } from 'vitest'
import { createSink, SINKS } from '../../../processor/sinks/index.ts'
import { sinkSettings } from '../../../processor/sinks/settings.ts'
import { sinkContext } from './suite.ts'

const LEAST = {
  otlp_http: { endpoint: 'http://127.0.0.1:4318/v1/logs' },
  otlp_grpc: { endpoint: '127.0.0.1:4317' },
  file: { path: '/var/log/sealed.jsonl' },
  stdout: {},
  forward: { endpoints: ['127.0.0.1:24224'] },
} as const satisfies Record<keyof typeof SINKS, object>

test('every kind of sink that can be configured can be made', () => {
  const types = sinkSettings.options.map(({ shape }) => shape.type.value)
  expect(Object.keys(SINKS).sort()).toEqual(types.sort())
  for (const type of types) {
    const settings = sinkSettings.parse({ type, ...LEAST[type], required: false })
    expect(createSink(settings, sinkContext(type))).toMatchObject({ name: type, required: false })
  }
})

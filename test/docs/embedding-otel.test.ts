import { expect, test } from 'vitest'
import * as otel from '../../processor/transports/otel/index.ts'
import { Backend } from '../processor/transports/otel/sdk.ts'
import { codeBlock, document } from './document.ts'
import { Example } from './example.ts'

const PAGE = 'docs/embedding.md'

test('the example for the SDK of OpenTelemetry sends its address sealed', async () => {
  const backend = new Backend()
  await backend.start()
  const example = new Example()
  await example.run(codeBlock(PAGE, 'otel'), '', { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: backend.url })
  const sent = Buffer.concat(backend.take()).toString()
  await backend.stop()
  example.remove()
  expect(sent).toMatch(/login of \[sealed:email:[\w-]{8}\/0\] failed/)
  expect(sent).not.toContain('jane.doe')
})

test('the page names what there is', () => {
  for (const name of Object.keys(otel)) expect(document(PAGE)).toContain(`\`${name}`)
})

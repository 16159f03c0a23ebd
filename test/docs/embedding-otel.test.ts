import { execFile } from 'node:child_process'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import * as otel from '../../processor/transports/otel/index.ts'
import { configFolder } from '../processor/transports/canaries.ts'
import { Backend } from '../processor/transports/otel/sdk.ts'
import { codeBlock, document, ROOT } from './document.ts'

const PAGE = 'docs/embedding.md'

test('the example for the SDK of OpenTelemetry sends its address sealed', async () => {
  const backend = new Backend()
  await backend.start()
  const folder = configFolder()
  // The package's own name leads to what is built; tests do not build.
  const built = JSON.stringify(join(ROOT, 'processor/transports/otel/index.ts'))
  writeFileSync(join(folder, 'example.mts'), codeBlock(PAGE, 'otel').replace("'fieldseal/otel'", built))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const env = { ...process.env, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: backend.url }
  await promisify(execFile)(process.execPath, ['example.mts'], { cwd: folder, env })
  const sent = Buffer.concat(backend.take()).toString()
  await backend.stop()
  rmSync(folder, { recursive: true })
  expect(sent).toMatch(/login of \[sealed:email:[\w-]{8}\/0\] failed/)
  expect(sent).not.toContain('jane.doe')
})

test('the page names what there is', () => {
  for (const name of Object.keys(otel)) expect(document(PAGE)).toContain(`\`${name}`)
})

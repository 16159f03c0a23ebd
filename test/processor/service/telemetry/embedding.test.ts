import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../../..')

/** Packages of OpenTelemetry that a module loads, with all that it loads. */
function loadedBy(module: string): string[] {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({ resolve(specifier, context, next) { loaded.add(specifier); return next(specifier, context) } })
    await import(${JSON.stringify(join(ROOT, module))})
    console.log(JSON.stringify([...loaded].filter((name) => name.startsWith('@opentelemetry/'))))`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: ROOT,
    env: process.env,
  })
  return JSON.parse(run.stdout) as string[]
}

test.each(['processor/index.ts', 'processor/transports/pino/index.ts'])(
  '%s loads the interface of OpenTelemetry, and no SDK',
  (module) => {
    expect(loadedBy(module).filter((name) => name !== '@opentelemetry/api')).toEqual([])
  },
)

test('what the service loads is seen in this way', () => {
  expect(loadedBy('processor/service/telemetry/worker-telemetry.ts')).toContain('@opentelemetry/sdk-metrics')
})

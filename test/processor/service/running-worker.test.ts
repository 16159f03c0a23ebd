import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { composeEngine } from '../../../processor/compose.ts'
import { type LoadedConfig, loadConfig } from '../../../processor/config/load.ts'
import type { Engine } from '../../../processor/engine.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { accepted } from '../../../processor/pipeline/settlement.ts'
import { RunningWorker } from '../../../processor/service/running-worker.ts'
import type { Source, SourceContext } from '../../../processor/sources/source.ts'
import type { LogEvent } from '../../../processor/telemetry/log.ts'
import { incoming, MemorySink, unavailable } from '../pipeline/fixtures.ts'

/** A source in memory: `context.deliver` is its client. */
class MemorySource implements Source {
  readonly address = 'memory'
  readonly context: SourceContext
  reloads = 0
  reloadFault: Error | undefined
  readonly calls: string[] = []
  drained: () => Promise<void> = async () => {}

  constructor(context: SourceContext) {
    this.context = context
  }

  get name() {
    return this.context.name
  }

  async start() {
    this.calls.push('start')
  }

  reload() {
    if (this.reloadFault !== undefined) throw this.reloadFault
    this.reloads += 1
  }

  drain() {
    this.calls.push('drain')
    return this.drained()
  }

  async close() {
    this.calls.push('close')
  }
}

const RULES = (action: string) => `rules: [{id: mails, detect: [email], ${action}}]`
const KEYS = generateKeyPair('P-256', 'security-1')
const RECORD = '{"msg":"user jane@example.com"}\n'

function setUp({ drain = '10s' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-worker-'))
  const file = join(folder, 'config.yaml')
  writeFileSync(join(folder, 'security.pub.jwk'), JSON.stringify(KEYS.publicJwk))
  const writeRules = (text: string) => writeFileSync(join(folder, 'rules.yaml'), text)
  const writeConfig = (
    sinks = '{a: {type: file, path: a.jsonl}}',
    more = '',
    sources = '{in: {type: otlp_http, listen: "127.0.0.1:0"}}',
  ) =>
    writeFileSync(
      file,
      [
        'recipients: {security: {jwk: security.pub.jwk}}',
        'rules: [rules.yaml]',
        `service: {drain: ${drain}, watch: false}`,
        `sources: ${sources}`,
        `sinks: ${sinks}`,
        more,
      ].join('\n'),
    )
  writeRules(RULES('mask: {}'))
  writeConfig()
  const events: [LogEvent, string][] = []
  const sources: MemorySource[] = []
  const sinks: MemorySink[] = []
  let makeEngine: (loaded: LoadedConfig) => Engine = composeEngine
  const another = () => {
    const made = newWorker()
    running.push(made)
    return made
  }
  const newWorker = () =>
    new RunningWorker({
      load: () => loadConfig(file, { env: {} }),
      engine: (loaded) => makeEngine(loaded),
      source: (_, context) => {
        const source = new MemorySource(context)
        sources.push(source)
        return source
      },
      sink: (name) => {
        const sink = new MemorySink(name)
        sinks.push(sink)
        return sink
      },
      log: (event, message) => events.push([event, message]),
    })
  const worker = another()
  return {
    worker,
    another,
    events,
    sinks,
    sources,
    source: sources[0]!,
    writeRules,
    writeConfig,
    useEngine: (engine: (before: Engine) => Engine) => {
      makeEngine = (loaded) => engine(composeEngine(loaded))
    },
    deliver: () => sources[0]!.context.deliver(incoming(RECORD)),
  }
}

const running: RunningWorker[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.kill()))
})

describe('a worker', () => {
  test('starts sinks before sources, and is ready then', async () => {
    const { worker, source, sinks } = setUp()
    expect(worker.status().ready).toBe(false)
    await worker.start()
    expect([source.calls, sinks[0]!.started, worker.status().ready]).toEqual([['start'], 1, true])
  })

  test('reads JSON in bodies where the source says so', async () => {
    const line = JSON.stringify({ log: '{"password":"hunter2","note":"hunter2"}' })
    for (const parse of ['none', 'json']) {
      const { another, writeConfig, writeRules, sources, sinks } = setUp()
      writeRules('rules: [{id: passwords, key: "^password$", mask: {}}]')
      writeConfig(undefined, undefined, `{in: {type: otlp_http, listen: "127.0.0.1:0", parse: ${parse}}}`)
      await another().start()
      await sources.at(-1)!.context.deliver(incoming(line))
      const [batch] = sinks.at(-1)!.batches
      expect(JSON.parse(batch!.bytes.toString())).toEqual({
        log: `{"password":"${parse === 'json' ? '****' : 'hunter2'}","note":"hunter2"}`,
      })
    }
  })

  test('counts what it has carried, and shows nothing of it', async () => {
    const { worker, deliver, sinks } = setUp()
    await worker.start()
    await deliver()
    sinks[0]!.settle = () => accepted(3)
    await deliver()
    sinks[0]!.settle = () => unavailable()
    await deliver()
    expect(worker.status()).toMatchObject({
      batches: { accepted: 2, refused: 1 },
      records: { rejected: 3 },
      inFlight: { batches: 0 },
    })
    expect(JSON.stringify(worker.status())).not.toContain('jane')
  })

  test('does not start where what sealing needs does not work', async () => {
    const { useEngine, another, source } = setUp()
    const broken = new FieldsealError('FIELDSEAL_SEAL_FAILED', 'the cipher failed')
    useEngine((engine) => ({ ...engine, check: () => raise(broken) }))
    const failing = another()
    await expect(failing.start()).rejects.toMatchObject({ code: 'FIELDSEAL_SEAL_FAILED' })
    expect(source.calls).not.toContain('start')
  })

  test('drains its sources before it closes its sinks', async () => {
    const { worker, source, sinks } = setUp()
    await worker.start()
    let finish = (): void => {}
    source.drained = () => new Promise((resolve) => (finish = resolve))
    const stopped = worker.stop()
    await new Promise(setImmediate)
    expect([source.calls, sinks[0]!.closed]).toEqual([['start', 'drain'], 0])
    expect(worker.status()).toMatchObject({ ready: false, draining: true })
    finish()
    await stopped
    expect([source.calls, sinks[0]!.closed]).toEqual([['start', 'drain', 'close'], 1])
  })

  test('ends what does not finish within service.drain', async () => {
    const { worker, source } = setUp({ drain: '1ms' })
    await worker.start()
    source.drained = () => new Promise(() => {})
    await worker.stop()
    expect(source.calls).toEqual(['start', 'drain', 'close'])
  })
})

describe('a reload', () => {
  test('takes on new rules for the next batch', async () => {
    const { worker, writeRules, deliver, sinks, events } = setUp()
    await worker.start()
    await deliver()
    writeRules(RULES('drop: {}'))
    expect(await worker.reload()).toBe(true)
    await deliver()
    expect(sinks[0]!.batches.map(({ bytes }) => bytes.toString())).toEqual([
      '{"msg":"user ****"}\n',
      '{"msg":"user [dropped:email]"}\n',
    ])
    expect(events.map(([event]) => event)).toEqual(['reloaded'])
  })

  test('with anything wrong keeps the old rules, and says so', async () => {
    const { worker, writeRules, deliver, sinks, events } = setUp()
    await worker.start()
    const { configuration } = worker.status()
    writeRules('rules: [{id: mails, detect: [emial], mask: {}}]')
    expect(await worker.reload()).toBe(false)
    await deliver()
    expect(sinks[0]!.batches[0]!.bytes.toString()).toBe('{"msg":"user ****"}\n')
    expect(worker.status()).toMatchObject({
      ready: true,
      configuration,
      reloads: { succeeded: 0, failed: 1, error: { code: 'FIELDSEAL_CONFIG_INVALID' } },
    })
    expect(events.map(([event]) => event)).toEqual(['reload-failed'])
    writeRules(RULES('mask: {}'))
    expect(await worker.reload()).toBe(true)
    expect(worker.status().reloads.error).toBeUndefined()
  })

  test('whose engine does not work is not taken on', async () => {
    const { worker, useEngine, deliver } = setUp()
    await worker.start()
    useEngine((engine) => ({ ...engine, check: () => raise(new TypeError('jane@example.com')) }))
    expect(await worker.reload()).toBe(false)
    expect(worker.status().reloads.error).toEqual({ code: 'FIELDSEAL_INTERNAL', message: 'sealing failed' })
    expect((await deliver()).outcome).toBe('accepted')
  })

  test('that one source refuses is not taken on, and its new sinks are closed', async () => {
    const { worker, writeConfig, source, sinks } = setUp()
    await worker.start()
    source.reloadFault = new FieldsealError('FIELDSEAL_TLS_INVALID', 'the certificate is of another key')
    writeConfig('{b: {type: file, path: b.jsonl}}')
    expect(await worker.reload()).toBe(false)
    expect(sinks.map(({ name, closed }) => [name, closed])).toEqual([
      ['a', 0],
      ['b', 1],
    ])
    expect(Object.keys(worker.status().sinks)).toEqual(['a'])
  })

  test('keeps sinks that have not changed, and closes those that are gone', async () => {
    const { worker, writeConfig, sinks, deliver } = setUp()
    await worker.start()
    writeConfig('{a: {type: file, path: a.jsonl}, b: {type: file, path: b.jsonl}}')
    await worker.reload()
    writeConfig('{b: {type: file, path: b.jsonl}}')
    await worker.reload()
    await deliver()
    expect(sinks.map(({ name, started, closed, batches }) => [name, started, closed, batches.length])).toEqual([
      ['a', 1, 1, 0],
      ['b', 1, 0, 1],
    ])
  })

  test('says what needs a restart', async () => {
    const { worker, writeConfig, events } = setUp()
    await worker.start()
    writeConfig('{a: {type: file, path: a.jsonl}}', 'body_keys: [text]')
    await worker.reload()
    expect(events.map(([event]) => event)).toEqual(['reloaded'])
    writeConfig('{a: {type: file, path: a.jsonl}}', '', '{in: {type: otlp_http, listen: "127.0.0.1:1"}}')
    await worker.reload()
    expect(events.slice(1).map(([event]) => event)).toEqual(['reloaded', 'warning'])
    expect(events.at(-1)![1]).toContain('sources.in')
  })

  test('that is asked for while one runs follows it, once for all who ask', async () => {
    const { worker, events } = setUp()
    await worker.start()
    const all = await Promise.all([worker.reload(), worker.reload(), worker.reload(), worker.reload()])
    expect(all).toEqual([true, true, true, true])
    expect(events.filter(([event]) => event === 'reloaded')).toHaveLength(2)
  })

  test('never gives one batch two configurations', async () => {
    const { worker, writeRules, deliver, sinks } = setUp()
    await worker.start()
    for (let turn = 0; turn < 20; turn += 1) {
      writeRules(RULES(turn % 2 === 0 ? 'drop: {}' : 'mask: {}'))
      await Promise.all([worker.reload(), ...Array.from({ length: 5 }, () => deliver())])
    }
    const texts = new Set(sinks[0]!.batches.map(({ bytes }) => bytes.toString()))
    expect([...texts].sort()).toEqual(['{"msg":"user ****"}\n', '{"msg":"user [dropped:email]"}\n'])
  })
})

function raise(error: Error): never {
  throw error
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { composeWorker } from '../../../processor/compose-service.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import type { Worker } from '../../../processor/service/worker.ts'
import { jsonLog } from '../../../processor/telemetry/log.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

afterEach(() => {
  vi.useRealTimers()
})

const config = (key: string, expires: string) => `
recipients: {security: {jwk: ${key}, created: 2026-01-01, expires: ${expires}}}
rules: [rules.yaml]
service: {watch: false}
sources: {in: {type: otlp_http, listen: "127.0.0.1:0"}}
sinks: {archive: {type: file, path: archive.jsonl}}
`

/** A clock that stands still until it is set. Timers run on. */
function clockAt(time: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) })
}

async function post(worker: Worker): Promise<number> {
  const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'jane@example.com' } }] }] }] }
  const response = await fetch(`http://${worker.status().sources.in}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(logs),
  })
  await response.arrayBuffer()
  return response.status
}

test('a key that expires while the service runs makes it unready, nothing passes, and a reload with a new key mends it', async () => {
  clockAt('2026-06-01T00:00:00Z')
  const folder = temporaryFolder({
    'old.jwk': JSON.stringify(generateKeyPair('X25519', 'old').publicJwk),
    'new.jwk': JSON.stringify(generateKeyPair('X25519', 'new').publicJwk),
    'rules.yaml': 'rules: [{id: mails, detect: [email], path: ["**"], seal: {to: [security], text: whole}}]\n',
    'config.yaml': config('old.jwk', '2026-07-01'),
  })
  const file = join(folder, 'config.yaml')
  const events: { event: string; code?: string }[] = []
  let wrote = () => {}
  const write = (line: string) => {
    events.push(JSON.parse(line))
    wrote()
  }
  const until = async (event: string) => {
    while (!events.some((one) => one.event === event)) {
      await new Promise<void>((resolve) => {
        wrote = resolve
      })
    }
  }
  const worker = composeWorker(file, { env: {}, log: jsonLog({ write } as unknown as NodeJS.WritableStream) })
  try {
    await worker.start()
    expect(await post(worker)).toBe(200)
    expect(await worker.metrics()).toMatch(/fieldseal_recipient_usable\{[^}]*\} 1\n/)

    vi.setSystemTime(new Date('2026-07-01T00:00:00Z'))
    // No batch needs it: the worker notices by itself.
    await until('unready')
    expect(events.find(({ event }) => event === 'unready')!.code).toBe('FIELDSEAL_RECIPIENT_EXPIRED')
    expect(worker.status()).toMatchObject({ ready: false, error: { code: 'FIELDSEAL_RECIPIENT_EXPIRED' } })
    expect(await post(worker)).toBe(503)
    const text = await worker.metrics()
    expect(text).toMatch(/fieldseal_recipient_usable\{[^}]*"old"[^}]*\} 0\n/)
    expect(text).toMatch(/fieldseal_recipient_key_remaining_seconds\{[^}]*\} 0\n/)
    expect(text).toMatch(/fieldseal_ready\{[^}]*\} 0\n/)

    expect(await worker.reload()).toBe(false)
    expect(worker.status().reloads.error!.message).toContain('FIELDSEAL_RECIPIENT_EXPIRED')
    writeFileSync(file, config('new.jwk', '2027-07-01'))
    expect(await worker.reload()).toBe(true)
    await until('ready')
    expect(worker.status().ready).toBe(true)
    expect(await post(worker)).toBe(200)
    expect(await worker.metrics()).not.toContain('"old"')
  } finally {
    await worker.kill()
  }
})

test('a key that has expired since the last look is not used for the next batch', async () => {
  clockAt('2026-06-01T00:00:00Z')
  const folder = temporaryFolder({
    'old.jwk': JSON.stringify(generateKeyPair('X25519', 'old').publicJwk),
    'rules.yaml': 'rules: [{id: mails, detect: [email], path: ["**"], seal: {to: [security], text: whole}}]\n',
    'config.yaml': config('old.jwk', '2026-07-01'),
  })
  const worker = composeWorker(join(folder, 'config.yaml'), { env: {}, log: () => {} })
  try {
    await worker.start()
    vi.setSystemTime(new Date('2026-07-01T00:00:00Z'))
    expect(await post(worker)).toBe(503)
  } finally {
    await worker.kill()
  }
})

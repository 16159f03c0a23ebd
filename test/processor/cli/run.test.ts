import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../../../processor/cli/run.ts'
import { validateCommand } from '../../../processor/cli/validate.ts'
import { type ServiceOptions, ServiceProcess } from '../service/service-process.ts'
import { capturedIo } from './captured-io.ts'

/** Listens on loopback until the test is over. @returns its port. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A backend that answers when it is told. `asked` resolves with the response to the next request. */
async function patientBackend() {
  let received = (_: ServerResponse) => {}
  const port = await listening(
    createServer((request, response) => request.resume().on('end', () => received(response))),
  )
  return {
    sinks: `{backend: {type: otlp_http, endpoint: "http://127.0.0.1:${port}/v1/logs", timeout: 10m}}`,
    asked: () => new Promise<ServerResponse>((resolve) => (received = resolve)),
  }
}

async function failed(options: ServiceOptions) {
  const service = new ServiceProcess(options)
  const { code } = await service.ended
  return { service, code, text: service.lines.join('\n') }
}

const KINDS = [
  ['one worker', 'workers: 1'],
  ['several', 'workers: 2'],
] as const

describe('run', () => {
  test('needs a configuration', async () => {
    await expect(runCommand.execute([], capturedIo())).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
  })

  test.each(KINDS)('lists what is wrong with its configuration as validate does, with %s', async (_, workers) => {
    for (const rules of [
      'rules:\n  - {id: one, detect: emial, drop: {}}\n  - {id: two, drop: {}}\n',
      "rules:\n  - {id: one, key: ['(?=x)'], drop: {}}\n",
    ]) {
      const { service, code } = await failed({ service: workers, rules })
      const io = capturedIo()
      await validateCommand.execute(['-c', join(service.folder, 'config.yaml')], io)
      expect(code).toBe(78)
      expect(service.lines.length).toBeGreaterThan(1)
      expect(service.lines).toEqual(io.complained().replaceAll(`${service.folder}/`, '').trimEnd().split('\n'))
    }
  })

  test('says that it needs a sink', async () => {
    const { code, text } = await failed({ sinks: '{}' })
    expect([code, text]).toEqual([
      78,
      expect.stringMatching(/^config\.yaml:6:1: the service needs a sink .*\n1 issue$/),
    ])
  })

  test.each(KINDS)('says where it cannot listen, with %s', async (_, workers) => {
    const port = await listening(createServer())
    for (const options of [{ source: `listen: "127.0.0.1:${port}"` }, { admin: `{listen: "127.0.0.1:${port}"}` }]) {
      const { code, text } = await failed({ service: workers, ...options })
      expect(text).toMatch(/^FIELDSEAL_LISTEN_FAILED /)
      expect(code).toBe(69)
    }
  })

  test('says at the start where it listens, what is insecure and what should be looked at', async () => {
    const service = await ServiceProcess.started({
      rules: 'rules: []\n',
      source: 'listen: "0.0.0.0:0", insecure: true',
    })
    expect(service.events).toEqual([
      expect.objectContaining({ event: 'insecure', level: 'warn' }),
      expect.objectContaining({ event: 'warning', level: 'warn', message: 'there are no rules: nothing is sealed' }),
      expect.objectContaining({
        event: 'started',
        workers: 1,
        admin: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        'sources.in': expect.stringMatching(/^0\.0\.0\.0:\d+$/),
        configuration: (await service.status()).configurations[0],
      }),
    ])
  })

  test.each(KINDS)(
    'finishes what is under way at SIGTERM, takes nothing new, and ends with 0 (%s)',
    async (_, workers) => {
      const { sinks, asked } = await patientBackend()
      const service = await ServiceProcess.started({ service: workers, sinks })
      const backend = asked()
      const sent = service.post('mail jane@example.com')
      const response = await backend
      service.child.kill('SIGTERM')
      await service.event('draining')
      expect(await service.admin('/readyz')).toMatchObject({
        status: 503,
        body: expect.stringMatching(/^FIELDSEAL_DRAINING /),
      })
      expect((await service.admin('/livez')).status).toBe(200)
      response.end()
      expect(await sent).toBe(200)
      expect(await service.ended).toEqual({ code: 0, signal: null })
      expect(service.events.map(({ event }) => event)).toEqual(['started', 'draining', 'stopped'])
    },
  )

  test.each([
    ...KINDS.map(([name, workers]) => [name, workers, 'SIGTERM', 143] as const),
    ...KINDS.map(([name, workers]) => [name, workers, 'SIGINT', 130] as const),
  ])('ends at once at the second signal (%s, %s, %s)', async (_, workers, signal, code) => {
    const { sinks, asked } = await patientBackend()
    const service = await ServiceProcess.started({ service: `${workers}, drain: 10m`, sinks })
    const backend = asked()
    const sent = service.post('mail jane@example.com')
    await backend
    service.child.kill('SIGTERM')
    await service.event('draining')
    service.child.kill(signal)
    await expect(sent).rejects.toThrow()
    expect(await service.ended).toEqual({ code, signal: null })
  })

  test.each(KINDS)(
    'reloads at SIGHUP; what is wrong shows in the status, and the old rules stay (%s)',
    async (_, workers) => {
      const service = await ServiceProcess.started({ service: `${workers}, watch: false` })
      const count = (await service.status()).expectedWorkers
      service.write('rules.yaml', 'rules: [')
      service.child.kill('SIGHUP')
      await service.event('reload-failed', count)
      const [{ reloads }] = (await service.status()).workers
      expect(reloads).toEqual({
        succeeded: 0,
        failed: 1,
        error: { code: 'FIELDSEAL_CONFIG_INVALID', message: expect.stringMatching(/rules\.yaml:\d+:\d+: /) },
      })
      expect((await service.admin('/readyz')).status).toBe(200)
      service.write('rules.yaml', 'rules: [{id: mails, detect: [email], drop: {}}]\n')
      service.child.kill('SIGHUP')
      await service.event('reloaded', count)
      expect((await service.status()).workers[0].reloads).toEqual({ succeeded: 1, failed: 1 })
    },
  )

  test('reloads when a file changes, and when one changes that was named since', async () => {
    const service = await ServiceProcess.started({ service: 'workers: 2' })
    service.write('more.yaml', 'rules: []\n')
    service.write(
      'config.yaml',
      readFileSync(join(service.folder, 'config.yaml'), 'utf8').replace('rules.yaml', 'more.yaml'),
    )
    await service.event('reloaded', 2)
    service.write('more.yaml', 'rules: [{id: mails, detect: [email], drop: {}}]\n')
    await service.event('reloaded', 4)
    expect(await service.post('mail jane@example.com')).toBe(200)
    service.write('more.yaml', 'rules: [')
    await service.event('reload-failed', 2)
  })

  test('replaces a worker that is lost', async () => {
    const service = await ServiceProcess.started({ service: 'workers: 2' })
    const [{ pid }] = (await service.status()).workers
    process.kill(pid, 'SIGKILL')
    expect(await service.event('worker-lost')).toMatchObject({ signal: 'SIGKILL', level: 'error' })
    await expect.poll(async () => (await service.admin('/readyz')).status, { timeout: 60_000 }).toBe(200)
    expect(await service.post('mail jane@example.com')).toBe(200)
  })

  test.each([
    ['one worker', 'workers: 1', 'throw new Error("jane@example.com")'],
    ['several', 'workers: 2', 'Promise.reject("jane@example.com")'],
  ])('ends at a fault that reaches nobody, with a code and nothing of the fault (%s)', async (_, workers, fault) => {
    const code = `
      const { existsSync } = process.getBuiltinModule('node:fs')
      const timer = setInterval(() => {
        if (process.env.FIELDSEAL_WORKER !== undefined || !existsSync('fault')) return
        clearInterval(timer)
        ${fault}
      }, 20)
      timer.unref()`
    const service = await ServiceProcess.started({
      service: workers,
      node: ['--import', `data:text/javascript,${encodeURIComponent(code)}`],
    })
    service.write('fault', '')
    expect((await service.ended).code).toBe(70)
    expect(service.events.at(-1)).toMatchObject({ event: 'crashed', code: 'FIELDSEAL_INTERNAL' })
    expect(service.lines.join('\n')).not.toContain('jane')
  })

  test('goes on when nobody reads its log any more', async () => {
    const service = await ServiceProcess.started()
    service.child.stderr!.destroy()
    service.child.kill('SIGHUP')
    await expect.poll(async () => (await service.status()).workers[0].reloads.succeeded, { timeout: 60_000 }).toBe(1)
    expect(await service.post('mail jane@example.com')).toBe(200)
    service.child.kill('SIGTERM')
    expect((await service.ended).code).toBe(0)
  })

  test('has its admin pages on a unix socket where it is told to, and removes it', async () => {
    const service = await ServiceProcess.started({ admin: '{socket: admin.sock}' })
    const socket = join(service.folder, 'admin.sock')
    expect((await service.event('started')).admin).toBe(socket)
    expect(existsSync(socket)).toBe(true)
    service.child.kill('SIGTERM')
    await service.ended
    expect(existsSync(socket)).toBe(false)
  })
})

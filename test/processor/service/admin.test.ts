import { existsSync, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AdminAddress, AdminListener } from '../../../processor/service/admin.ts'
import type { AdminPages } from '../../../processor/service/admin-pages.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { workerStatus } from './worker-fixture.ts'

const LOOPBACK = { listen: { host: '127.0.0.1', port: 0 } }

async function listening(pages: Partial<AdminPages> = {}, address: AdminAddress = LOOPBACK) {
  const admin = new AdminListener(address, {
    version: '1.2.3',
    expectedWorkers: 2,
    phase: () => 'running',
    workers: async () => [workerStatus({ pid: 1 }), workerStatus({ pid: 2 })],
    ...pages,
  })
  await admin.start()
  onTestFinished(() => admin.close())
  return admin
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

function ask(
  { address }: AdminListener,
  path: string,
  { method = 'GET', headers = {} as Record<string, string>, body = '' } = {},
): Promise<Answer> {
  const where = address.startsWith('/')
    ? { socketPath: address }
    : { host: address.replace(/:\d+$/, '').replace(/[[\]]/g, ''), port: Number(/\d+$/.exec(address)![0]) }
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ ...where, path, method, headers, agent: false }, (response) => {
      text(response).then(
        (read) => resolve({ status: response.statusCode!, headers: response.headers, body: read }),
        reject,
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** What is answered to bytes. */
function send(admin: AdminListener, bytes: string): Promise<string> {
  const [host, port] = admin.address.split(':') as [string, string]
  const connection = createConnection(Number(port), host)
  connection.write(bytes)
  return text(connection)
}

describe('the admin listener', () => {
  test('says that the process lives, whatever the workers do', async () => {
    const admin = await listening({ workers: () => new Promise(() => {}), phase: () => 'draining' })
    expect(await ask(admin, '/livez')).toMatchObject({ status: 200, body: 'ok\n' })
  })

  test('says that every worker takes batches', async () => {
    expect(await ask(await listening(), '/readyz')).toMatchObject({ status: 200, body: 'ready\n' })
    expect(await ask(await listening(), '/readyz?verbose')).toMatchObject({ status: 200 })
  })

  test.each<[string, Partial<AdminPages>, string]>([
    ['starts', { phase: () => 'starting' }, 'starting'],
    [
      'drains',
      { phase: () => 'draining' },
      'FIELDSEAL_DRAINING The service is stopping. Send again, to another instance.',
    ],
    ['lacks a worker', { workers: async () => [workerStatus()] }, '1 of 2 workers take batches'],
    [
      'has a worker that drains',
      { workers: async () => [workerStatus({ ready: false }), workerStatus()] },
      '1 of 2 workers take batches',
    ],
    [
      'cannot seal',
      {
        workers: async () => [
          workerStatus(),
          workerStatus({
            ready: false,
            error: { code: 'FIELDSEAL_SEAL_FAILED', message: 'the cipher failed', hint: 'Look.' },
          }),
        ],
      },
      'FIELDSEAL_SEAL_FAILED Look.',
    ],
  ])('is not ready while it %s, and says why', async (_, pages, reason) => {
    const admin = await listening(pages)
    expect(await ask(admin, '/readyz')).toMatchObject({ status: 503, body: `${reason}\n` })
    const { status, body } = await ask(admin, '/status')
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ ready: false, reason })])
  })

  test('shows the state of each worker, and sums', async () => {
    const { headers, body } = await ask(await listening(), '/status')
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    expect(JSON.parse(body)).toEqual({
      version: '1.2.3',
      pid: process.pid,
      uptimeSeconds: expect.any(Number),
      ready: true,
      configurations: ['c0ffee'],
      expectedWorkers: 2,
      workers: [workerStatus({ pid: 1 }), workerStatus({ pid: 2 })],
      totals: {
        batches: { accepted: 10, refused: 4, inFlight: 2 },
        records: { rejected: 6 },
        inFlightBytes: 20,
        rss: 2000,
      },
    })
  })

  test('answers HEAD as GET, without a body, and nothing else', async () => {
    const admin = await listening()
    const head = await ask(admin, '/status', { method: 'HEAD' })
    const got = await ask(admin, '/status')
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', got.headers['content-length']])
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await ask(admin, '/livez', { method })
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD'])
    }
  })

  test.each(['/', '/livez/', '/LIVEZ', '//livez', '/debug/pprof', '/status/../livez', '/metrics'])(
    'knows no page %s',
    async (path) => expect(await ask(await listening(), path)).toMatchObject({ status: 404, body: 'not found\n' }),
  )

  test('reads no body: what follows a request is no request', async () => {
    const admin = await listening()
    const inner = 'GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const outer = `GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${inner.length}\r\n\r\n`
    const answer = await send(admin, `${outer}${inner}${inner}`)
    expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 200'])
    expect(answer).toContain('ok\n')
  })

  test('wants the name of this machine as the host, so that no page in a browser can read it', async () => {
    const admin = await listening()
    for (const host of ['localhost', 'LOCALHOST:8890', '127.0.0.1', '127.8.8.8:1', '[::1]:8890', '[::1]'])
      expect([host, (await ask(admin, '/livez', { headers: { host } })).status]).toEqual([host, 200])
    for (const host of [
      'example.com',
      '127.0.0.1.example.com',
      'localhost.example.com:8890',
      '10.0.0.1',
      '[::2]',
      ':8890',
    ])
      expect([host, (await ask(admin, '/status', { headers: { host } })).status]).toEqual([host, 403])
    expect(await send(admin, 'GET /livez HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('does not take headers without end', async () => {
    const answer = await send(
      await listening(),
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    )
    expect(answer).not.toContain('200')
  })

  test('does not listen where others can reach it', async () => {
    const anywhere = { listen: { host: '0.0.0.0', port: 0 } }
    await expect(listening({}, anywhere)).rejects.toMatchObject({ code: 'FIELDSEAL_LISTEN_FAILED' })
  })

  test('says where it could not listen', async () => {
    const { address } = await listening()
    const port = Number(address.split(':')[1])
    await expect(listening({}, { listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'FIELDSEAL_LISTEN_FAILED',
      message: `admin: 127.0.0.1:${port} cannot be listened on`,
    })
  })

  test('can be closed where it did not start', async () => {
    const { address } = await listening()
    const listen = { host: '127.0.0.1', port: Number(address.split(':')[1]) }
    const admin = new AdminListener({ listen }, {} as AdminPages)
    await expect(admin.start()).rejects.toThrow()
    await admin.close()
  })
})

describe('the admin listener on a unix socket', () => {
  test('lets this user in alone, and leaves nothing behind', async () => {
    const socket = join(temporaryFolder(), 'admin.sock')
    const admin = await listening({}, { socket })
    expect(statSync(socket).mode & 0o777).toBe(0o600)
    expect(admin.address).toBe(socket)
    expect(await ask(admin, '/readyz', { headers: { host: 'any.example' } })).toMatchObject({ status: 200 })
    await admin.close()
    expect(existsSync(socket)).toBe(false)
  })

  test('takes the place of a socket that an ended process has left', async () => {
    const socket = join(temporaryFolder(), 'admin.sock')
    const dead = createServer()
    await new Promise<void>((resolve) => dead.listen(`${socket}.dead`, resolve))
    // Closing a server removes its socket, under the name that it had.
    linkSync(`${socket}.dead`, socket)
    await new Promise((resolve) => dead.close(resolve))
    expect(statSync(socket).isSocket()).toBe(true)
    expect(await ask(await listening({}, { socket }), '/livez')).toMatchObject({ status: 200 })
  })

  test('leaves a socket alone that somebody answers on', async () => {
    const socket = join(temporaryFolder(), 'admin.sock')
    const first = await listening({}, { socket })
    await expect(listening({}, { socket })).rejects.toMatchObject({ code: 'FIELDSEAL_LISTEN_FAILED' })
    expect(await ask(first, '/livez')).toMatchObject({ status: 200 })
  })

  test('leaves everything alone that is no socket', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'file')
    writeFileSync(file, 'kept')
    mkdirSync(join(folder, 'folder'))
    for (const socket of [file, join(folder, 'folder')])
      await expect(listening({}, { socket })).rejects.toMatchObject({ code: 'FIELDSEAL_LISTEN_FAILED' })
    expect(statSync(file).size).toBe(4)
  })

  test('says where it could not listen', async () => {
    const socket = join(temporaryFolder(), 'missing', 'admin.sock')
    await expect(listening({}, { socket })).rejects.toMatchObject({
      code: 'FIELDSEAL_LISTEN_FAILED',
      message: `admin: ${socket} cannot be listened on`,
    })
  })
})

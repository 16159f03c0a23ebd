import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { otlpGrpcSource } from '../../../../processor/sources/otlp-grpc/source.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { connects, sourceContext } from '../suite.ts'
import { ask, batchOf, clientTo, framed, RawClient, settingsOf, startSource } from './fixtures.ts'

const [FIRST, SECOND] = ['first-token-of-16-and-more', 'second,token;with:marks+and/more=']
const BODY = batchOf('hello')

function tokens(...texts: string[]): string[] {
  const folder = temporaryFolder()
  return texts.map((text, index) => {
    const file = join(folder, `${index}.token`)
    writeFileSync(file, `${text}\n`)
    return file
  })
}

describe('tokens', () => {
  const bearer = (token: string) => ({ metadata: { authorization: `Bearer ${token}` } })

  test('each that is listed lets in, and nothing else does', async () => {
    const { address, delivered, context } = await startSource({ options: { tokens: tokens(FIRST, SECOND) } })
    const client = clientTo(address)
    for (const token of [FIRST, SECOND]) expect((await ask(client, BODY, bearer(token))).code).toBe(0)
    const strangers = [
      {},
      bearer(`${FIRST}x`),
      bearer(FIRST.slice(0, -1)),
      { metadata: { authorization: FIRST } },
      { metadata: { authorization: `Basic ${FIRST}` } },
      { metadata: { 'x-authorization': `Bearer ${FIRST}` } },
    ]
    for (const options of strangers) {
      const told = await ask(client, BODY, options)
      expect(told.code).toBe(status.UNAUTHENTICATED)
      expect(told.details).toContain('FIELDSEAL_UNAUTHENTICATED')
      expect(told.status?.details).toEqual([])
      expect(JSON.stringify(told)).not.toContain(FIRST.slice(0, -1))
    }
    expect([delivered.length, context.budget.used]).toEqual([2, 0])
  })

  test('are looked at before anything of the message is read', async () => {
    const { address, context } = await startSource({ options: { tokens: tokens(FIRST) } })
    const client = new RawClient(address)
    // It does not end, and is answered all the same; what it goes on to send is not wanted.
    const call = client.call()
    void call.write(framed(Buffer.alloc(1_000_000)).subarray(0, 60_000))
    expect(await call.answer).toMatchObject({ 'grpc-status': '16' })
    expect(context.budget.used).toBe(0)
  })

  test('are others after a reload, and stay where the new ones are bad', async () => {
    const { source, address } = await startSource({ options: { tokens: tokens(FIRST) } })
    const client = clientTo(address)
    source.reload(settingsOf({ tokens: tokens(SECOND) }))
    expect((await ask(client, BODY, bearer(FIRST))).code).toBe(status.UNAUTHENTICATED)
    expect((await ask(client, BODY, bearer(SECOND))).code).toBe(0)
    expect(() => source.reload(settingsOf({ tokens: tokens('short') }))).toThrow('fewer than 16')
    expect((await ask(client, BODY, bearer(SECOND))).code).toBe(0)
  })

  test('are not written anywhere, whatever the environment asks of grpc-js', () => {
    const env = { ...process.env, GRPC_TRACE: 'all', GRPC_VERBOSITY: 'DEBUG' }
    const script = join(import.meta.dirname, 'traced-process.ts')
    const { stdout, stderr } = spawnSync(process.execPath, [script, ...tokens(FIRST)], { env, encoding: 'utf8' })
    expect(stdout).toBe('answered with code 0\n')
    expect(stderr).not.toContain(FIRST)
  })
})

test('an address that other machines reach is not opened to everyone, unless that is said', async () => {
  const context = sourceContext(async () => accepted())
  const source = otlpGrpcSource(settingsOf({ listen: '0.0.0.0:0' }), context)
  await expect(source.start()).rejects.toMatchObject({ code: 'FIELDSEAL_CONFIG_INVALID' })
  expect(source.address).toBe('')
})

test('where that is said, the log says so, too', async () => {
  const { context, port } = await startSource({ options: { listen: '0.0.0.0:0', insecure: true } })
  expect(context.lines.map(([event]) => event)).toEqual(['insecure'])
  expect((await ask(clientTo(`127.0.0.1:${port}`), BODY)).code).toBe(0)
})

test('on loopback, or with tokens, there is nothing to be said', async () => {
  expect((await startSource()).context.lines).toEqual([])
  const guarded = await startSource({ options: { listen: '0.0.0.0:0', tokens: tokens(FIRST) } })
  expect(guarded.context.lines).toEqual([])
})

test('an IPv6 address is written in brackets', async () => {
  const { source } = await startSource({ options: { listen: '[::1]:0' } })
  expect(source.address).toMatch(/^\[::1\]:\d+$/)
  expect((await ask(clientTo(source.address), BODY)).code).toBe(0)
})

test('nothing listens any more once it drains', async () => {
  const { source, address } = await startSource()
  expect(await connects(address)).toBe(true)
  await source.drain()
  expect(await connects(address)).toBe(false)
})

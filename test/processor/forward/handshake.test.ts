import { createHash } from 'node:crypto'
import { decode, encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import { decodeAck, encodeAck } from '../../../processor/forward/ack.ts'
import { passwordDigest, sameDigest, sharedKeyDigest } from '../../../processor/forward/digests.ts'
import {
  decodeHelo,
  decodePing,
  decodePong,
  encodeHelo,
  encodePing,
  encodePong,
} from '../../../processor/forward/handshake.ts'
import { decodeSmall } from '../../../processor/forward/small-value.ts'
import { Secret } from '../../../processor/secret.ts'

const bytes = (text: string) => Buffer.from(text)
const RANDOM = Buffer.from('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0', 'hex')

describe('digests', () => {
  test('are those of the specification', () => {
    const sha512 = (...parts: Uint8Array[]) => createHash('sha512').update(Buffer.concat(parts)).digest('hex')
    const key = new Secret(bytes('a shared key'))
    expect(sharedKeyDigest(bytes('salt'), bytes('host'), RANDOM, key)).toBe(
      sha512(bytes('salt'), bytes('host'), RANDOM, bytes('a shared key')),
    )
    expect(passwordDigest(RANDOM, bytes('user'), key)).toBe(sha512(RANDOM, bytes('user'), bytes('a shared key')))
  })

  test('are the same only where every character is', () => {
    const digest = sharedKeyDigest(RANDOM, RANDOM, RANDOM, new Secret(RANDOM))
    expect(sameDigest(digest, bytes(digest))).toBe(true)
    for (const other of ['', digest.slice(1), `${digest}0`, digest.toUpperCase(), digest.replace(/.$/, 'x')]) {
      expect(sameDigest(digest, bytes(other))).toBe(false)
    }
  })
})

describe('messages of the handshake', () => {
  test('come back as they were', () => {
    const helo = { nonce: RANDOM, auth: RANDOM, keepalive: false }
    expect(decodeHelo(decodeSmall(encodeHelo(helo)))).toEqual(helo)
    const ping = {
      hostname: bytes('client'),
      salt: RANDOM,
      sharedKeyDigest: bytes('d'.repeat(128)),
      username: bytes(''),
      passwordDigest: bytes(''),
    }
    expect(decodePing(decodeSmall(encodePing(ping)))).toEqual(ping)
    const pong = {
      authenticated: true,
      reason: bytes(''),
      hostname: bytes('server'),
      sharedKeyDigest: bytes('d'.repeat(128)),
    }
    expect(decodePong(decodeSmall(encodePong(pong)))).toEqual(pong)
  })

  test('are read by another library, with random bytes as bin', () => {
    const [name, options] = decode(encodeHelo({ nonce: RANDOM, auth: new Uint8Array(0), keepalive: true })) as [
      string,
      Record<string, unknown>,
    ]
    expect(name).toBe('HELO')
    expect(Buffer.from(options.nonce as Uint8Array).equals(RANDOM)).toBe(true)
    expect([options.auth, options.keepalive]).toEqual(['', true])
  })

  test('are understood with salts as raw str and as hex, and with nil for no user', () => {
    const head = Buffer.concat([Buffer.from([0x96]), encode('PING'), encode('h'), Buffer.from([0xb0]), RANDOM])
    const raw = decodePing(decodeSmall(Buffer.concat([head, encode('d'), encode(null), encode(null)])))
    expect(Buffer.from(raw?.salt ?? []).equals(RANDOM)).toBe(true)
    expect(raw?.username.length).toBe(0)
    const hex = decodePing(decodeSmall(encode(['PING', 'h', RANDOM.toString('hex'), 'd', '', ''])))
    expect(String(hex?.salt)).toBe(RANDOM.toString('hex'))
  })

  test('are nothing where something else came', () => {
    const others: unknown[] = [
      null,
      'PING',
      [],
      ['PING'],
      ['PONG'],
      ['HELO'],
      ['HELO', null],
      ['HELO', []],
      ['HELO', { nonce: 1 }],
      ['HELO', { auth: [] }],
      ['HELO', { nonce: 'x'.repeat(513) }],
      ['PING', 'h', 's', 'd', 'u'],
      ['PING', 'h', 's', 'd', 'u', 'p', 'x'],
      ['PING', null, 's', 'd', '', ''],
      ['PING', 'h', 's', 1, '', ''],
      ['PING', 'h', 's', 'd', {}, ''],
      ['ping', 'h', 's', 'd', '', ''],
      ['PONG', 1],
      ['PONG', true, 1, '', ''],
      ['PONG', false, 'x'.repeat(513), '', ''],
    ]
    for (const other of others) {
      const value = decodeSmall(encode(other))
      expect([decodeHelo(value), decodePing(value), decodePong(value)]).toEqual([undefined, undefined, undefined])
    }
  })

  test('a failure needs no more than to be one', () => {
    expect(decodePong(decodeSmall(encode(['PONG', false])))).toMatchObject({ authenticated: false })
  })
})

describe('an acknowledgement', () => {
  test('gives the chunk back exactly, whatever its header', () => {
    for (const chunk of [encode('cGF5bG9hZA==\n'), Buffer.from('d9026162', 'hex'), encode(RANDOM)]) {
      const ack = encodeAck(chunk)
      expect(ack.subarray(ack.length - chunk.length).equals(chunk)).toBe(true)
      expect(Object.keys(decode(ack) as object)).toEqual(['ack'])
    }
    expect(String(decodeAck(decodeSmall(encodeAck(encode('cGF5bG9hZA==\n')))))).toBe('cGF5bG9hZA==\n')
  })

  test('is nothing where something else came', () => {
    for (const other of [null, {}, { ack: 1 }, ['ack', 'x'], 'ack'])
      expect(decodeAck(decodeSmall(encode(other)))).toBeUndefined()
  })
})

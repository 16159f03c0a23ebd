import { describe, expect, test } from 'vitest'
import { httpCookie } from '../../../detectors/network/http-cookie.ts'
import { NETWORK } from '../../../detectors/network/index.ts'
import { advertisingId } from '../../../detectors/network/mobile-device.ts'
import { signedUrl } from '../../../detectors/network/signed-url.ts'
import { foundIn } from '../opened.ts'

describe('cookies', () => {
  test.each([
    ['GET / Cookie: sid=made-up; theme=dark', 'message', ['sid=made-up; theme=dark']],
    ['"set-cookie":["sid=made-up; Path=/; HttpOnly"]', 'message', ['sid=made-up']],
    ['sid=made-up; theme=dark', 'http.request.header.cookie', ['sid=made-up; theme=dark']],
    ['sid=made-up; Secure; Max-Age=3600', 'http.response.header.set-cookie', ['sid=made-up']],
    ['level=info msg="cookie rejected" user=5', 'message', []],
    ['lang=en cookie=off', 'message', []],
    ['cookies are off, mode=strict', 'message', []],
    ['sid=made-up; theme=dark', 'message', []],
    ['max=3', 'cookiecutter', []],
  ])('in %j under %s are %j', (text, key, expected) => {
    expect(foundIn(httpCookie, text, key)).toEqual(expected)
  })
})

test('the signature of a URL is found to its end, however long it is', () => {
  const signature = '0123456789abcdef'.repeat(100)
  expect(foundIn(signedUrl, `https://storage.example/o?X-Goog-Signature=${signature}&x=1`)).toEqual([signature])
})

test('a UUID is an advertising id only where a word says so', () => {
  const uuid = '6d92078a-8246-4ba4-ae5b-76104861e7dc'
  expect(foundIn(advertisingId, `idfa=${uuid}`)).toEqual([uuid])
  expect(foundIn(advertisingId, uuid, 'device.advertising_id')).toEqual([uuid])
  expect(foundIn(advertisingId, `request ${uuid} done`)).toEqual([])
  expect(foundIn(advertisingId, uuid, 'thread_id')).toEqual([])
})

test('what names machines and requests is off', () => {
  const off = NETWORK.filter(({ activation }) => activation === 'off').map(({ name }) => name)
  expect(off).toEqual(expect.arrayContaining(['mac_address', 'uuid', 'host_name', 'user_agent']))
})

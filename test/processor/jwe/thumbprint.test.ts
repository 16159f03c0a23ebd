import { calculateJwkThumbprint } from 'jose'
import { expect, test } from 'vitest'
import { thumbprint } from '../../../processor/jwe/thumbprint.ts'
import { KEY_PAIRS, KINDS } from './fixtures.ts'

test('the example of RFC 7638 section 3.1 comes out', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  expect(thumbprint({ kty: 'RSA', n, e: 'AQAB' })).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

test.each(KINDS)('a %s key has the thumbprint that jose computes', async (kind) => {
  const { publicJwk, privateJwk } = KEY_PAIRS[kind]
  const expected = await calculateJwkThumbprint({ ...publicJwk } as never)
  expect(thumbprint(publicJwk)).toBe(expected)
  expect(thumbprint(privateJwk)).toBe(expected)
})

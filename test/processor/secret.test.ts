import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../processor/secret.ts'

const TEXT = 'correct horse battery staple'

test('a secret shows [secret] whichever way it is printed', () => {
  const secret = new Secret(Buffer.from(TEXT))
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify(secret),
    inspect(secret),
    inspect({ secret }, { showHidden: true, depth: 9 }),
  ]
  for (const text of printed) {
    expect(text).toContain('[secret]')
    expect(text).not.toContain('horse')
    expect(text).not.toContain(Buffer.from('horse').toString('hex'))
  }
  expect(Object.keys(secret)).toEqual([])
})

test('a secret reveals its bytes, keeps its own copy, and can be erased', () => {
  const bytes = Buffer.from(TEXT)
  const secret = new Secret(bytes)
  bytes.fill(0)
  expect(secret.reveal().toString()).toBe(TEXT)
  secret.erase()
  expect(secret.reveal()).toEqual(Buffer.alloc(TEXT.length))
})

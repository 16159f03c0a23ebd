import { describe, expect, test } from 'vitest'
import { genericSecret, secretField } from '../../../detectors/credential/generic-secret.ts'
import { isMadeOfWords } from '../../../detectors/credential/placeholder.ts'
import { DetectorSet } from '../../../detectors/set.ts'

const set = new DetectorSet([genericSecret, secretField])
const SECRET = 'q7Rk2Xw9bT4vLz8Yc3'

function found(text: string, key = ''): string[] {
  const value = Buffer.from(text)
  return set.find(value, () => true, key).map(({ start, end }) => value.toString('utf8', start, end))
}

describe('a value that stands alone', () => {
  test.each(['api_key', 'apiKey', 'db.secret', 'STRIPE_SECRET_KEY', 'token', 'credentials'])(
    'is found under %s',
    (key) => {
      expect(found(SECRET, key)).toEqual([SECRET])
    },
  )

  test.each(['message', 'trace_id', 'monkey', 'tokens', ''])('is left alone under %j', (key) => {
    expect(found(SECRET, key)).toEqual([])
  })

  test.each(['true', '3600', 'default/db-password', '00000000-0000-4000-8000-000000000001', 'expired', 'Bearer'])(
    'is no secret where it is %s',
    (value) => {
      expect(found(value, 'secret')).toEqual([])
    },
  )
})

test('a value in a text must be assigned, whatever its key is', () => {
  expect(found(`token ${SECRET} was refused`, 'secret')).toEqual([])
  expect(found(`refused, token=${SECRET}.`)).toEqual([SECRET])
})

/** Drawn by a generator with a fixed seed, so that the share is the same each time. */
test('of random texts, few are made of words', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  let state = 7
  const draw = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return alphabet[Math.floor((state / 2 ** 32) * alphabet.length)]!
  }
  const texts = Array.from({ length: 2000 }, () => Array.from({ length: 24 }, draw).join(''))
  expect(texts.filter(isMadeOfWords).length / texts.length).toBeLessThan(0.04)
})

test.each(['user-token-store', 'getUserByToken2', 'prod.db.example', 'YOUR_API_KEY_GOES_HERE', 'TokenRefreshJob-17'])(
  '%s is made of words',
  (name) => {
    expect(isMadeOfWords(name)).toBe(true)
  },
)

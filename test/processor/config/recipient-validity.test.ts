import { expect, test } from 'vitest'
import { ERRORS } from '../../../processor/errors.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { issuesOf, loadText } from './loading.ts'

const FILES = { 'a.jwk': JSON.stringify(generateKeyPair('X25519', 'a-1').publicJwk) }
const config = (validity: string) => `recipients:\n  a: {jwk: a.jwk, ${validity}}\n`

test('dates of a key are read, of a day as its beginning in UTC', () => {
  const { settings, recipients } = loadText(config('created: 2026-01-31, expires: 2099-01-31T12:00:00+02:00'), FILES)
  expect(settings.recipients.a).toMatchObject({ created: Date.UTC(2026, 0, 31), expires: Date.UTC(2099, 0, 31, 10) })
  expect(recipients.get('a')!.expires).toBe(Date.UTC(2099, 0, 31, 10))
  expect(loadText('recipients: {a: {jwk: a.jwk}}', FILES).recipients.get('a')).not.toHaveProperty('expires')
})

test('a key that has expired is refused, with a code and what to do', () => {
  const [issue, ...others] = issuesOf(config('expires: 2026-01-31'), FILES)
  expect(others).toEqual([])
  expect(issue).toBe(
    `2:28: FIELDSEAL_RECIPIENT_EXPIRED: the key of recipient "a" has expired (${ERRORS.FIELDSEAL_RECIPIENT_EXPIRED.hint})`,
  )
})

test.each([
  ['expires: tomorrow', '2:28: expected a date'],
  ['expires: 2026-13-01', '2:28: expected a date'],
  ['created: 7', '2:28: expected a date'],
  ['created: 2098-01-01, expires: 2097-01-01', '2:49: expires is not after created'],
])('%s is wrong', (validity, start) => {
  expect(issuesOf(config(validity), FILES).map((issue) => issue.slice(0, start.length))).toEqual([start])
})

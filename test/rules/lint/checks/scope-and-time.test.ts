import { describe, expect, test } from 'vitest'
import { exceptionInsideMap } from '../../../../rules/lint/checks/exception-inside-map.ts'
import { exceptionOutOfScope } from '../../../../rules/lint/checks/exception-out-of-scope.ts'
import { exceptionWithoutExpiry } from '../../../../rules/lint/checks/exception-without-expiry.ts'
import { exceptionWithoutOwner } from '../../../../rules/lint/checks/exception-without-owner.ts'
import { exceptionWithoutReason } from '../../../../rules/lint/checks/exception-without-reason.ts'
import { expiredAudit } from '../../../../rules/lint/checks/expired-audit.ts'
import { expiredException } from '../../../../rules/lint/checks/expired-exception.ts'
import { missingMetadata } from '../../../../rules/lint/checks/missing-metadata.ts'
import { nearWithoutEffect } from '../../../../rules/lint/checks/near-without-effect.ts'
import { noisyDetector } from '../../../../rules/lint/checks/noisy-detector.ts'
import { notAnAttribute } from '../../../../rules/lint/checks/not-an-attribute.ts'
import { ruleWithoutTests } from '../../../../rules/lint/checks/rule-without-tests.ts'
import { found, places, type RuleParts, rulesOf } from '../linting.ts'

const EXCEPTION = { name: 'x', pattern: 'a', reason: 'r', owner: 'o', expires: '2027-01-01' } as const

describe('an exception', () => {
  const file = rulesOf({
    detect: 'email',
    except: [EXCEPTION, { name: 'bare', pattern: 'b' }, { ...EXCEPTION, expires: '2026-01-15' }],
  })

  test('says why, who answers for it, and until when', () => {
    expect(places(exceptionWithoutReason, file)).toEqual(['a.except.1'])
    expect(places(exceptionWithoutOwner, file)).toEqual(['a.except.1'])
    expect(places(exceptionWithoutExpiry, file)).toEqual(['a.except.1'])
  })

  test('has ended on the day that it names, and not before', () => {
    expect(places(expiredException, file)).toEqual(['a.except.2.expires'])
    expect(places(expiredException, file, { now: Date.parse('2026-01-14T23:59:59.999Z') })).toEqual([])
  })

  test.each([
    [{ path: 'attributes.user.**' }, 'attributes.user.bot', false],
    [{ path: 'attributes.user.**' }, 'attributes.users.bot', true],
    [{ path: 'attributes.user.**' }, 'attributes.**', false],
    [{ path: 'attributes.user.**' }, 'body', true],
    [{ detect: 'email' }, 'body', false],
    [{ key: '^email$' }, 'attributes.user.email', false],
    [{ key: '^user\\.email$' }, 'attributes.user.email', false],
    [{ key: '^EMail$' }, 'attributes.email', false],
    [{ key: '^EMAIL$' }, 'attributes.email', false],
    [{ key: '^Email$' }, 'attributes.email', false],
    [{ key: '^email$' }, 'attributes.user.name', true],
    [{ key: '^email$' }, 'attributes.user.*', false],
  ] as const)('of a rule with %o at %s is out of its scope: %s', (rule, path, outside) => {
    const places_ = places(exceptionOutOfScope, rulesOf({ ...rule, except: [{ ...EXCEPTION, path: ['**', path] }] }))
    expect(places_).toEqual(outside ? ['a.except.0.path.1'] : [])
  })
})

describe('an exception for a part of a map', () => {
  const inside = (rule: RuleParts, ...paths: string[]) =>
    places(exceptionInsideMap, rulesOf({ ...rule, except: [{ ...EXCEPTION, pattern: undefined, path: paths }] }))

  test('does not hold where the rule takes the map whole', () => {
    expect(inside({ path: 'attributes.user.**' }, 'attributes.user.email')).toEqual(['a.except.0.path.0'])
    expect(inside({ path: 'attributes.**', drop: {} }, 'attributes.http.*.status')).toEqual(['a.except.0.path.0'])
    expect(inside({ path: 'body.**' }, 'body.level')).toEqual(['a.except.0.path.0'])
    expect(inside({ path: '**' }, 'attributes.user.email')).toEqual(['a.except.0.path.0'])
  })

  test('holds where the map is excepted too, and where the rule does not name it', () => {
    expect(inside({ path: 'attributes.user.**' }, 'attributes.user', 'attributes.user.email')).toEqual([])
    expect(inside({ path: 'attributes.user.**' }, 'attributes.user.**')).toEqual([])
    expect(inside({ path: 'attributes.user.*' }, 'attributes.user.email')).toEqual([])
    expect(inside({ path: 'attributes.**' }, 'attributes.status')).toEqual([])
    expect(inside({ key: '^email$' }, 'attributes.user.email')).toEqual([])
  })

  test('holds where parts of texts are looked for, and where a map is gone through', () => {
    expect(inside({ path: 'attributes.user.**', detect: 'email' }, 'attributes.user.email')).toEqual([])
    expect(inside({ path: 'attributes.user.**', mask: {} }, 'attributes.user.email')).toEqual([])
  })
})

test('an audit has ended on the day that it names, and not before', () => {
  const file = rulesOf({ detect: 'email', mode: 'audit', expires: '2026-01-15' })
  expect(places(expiredAudit, file)).toEqual(['a.expires'])
  expect(places(expiredAudit, file, { now: Date.parse('2026-01-14T23:59:59.999Z') })).toEqual([])
})

describe('words that must stand near', () => {
  test('do nothing for a detector that goes by the key alone', () => {
    expect(places(nearWithoutEffect, rulesOf({ detect: ['email', 'card_expiry'], near: 'visa' }))).toEqual(['a.near'])
    expect(places(nearWithoutEffect, rulesOf({ detect: 'email', near: 'visa' }, { detect: 'card_expiry' }))).toEqual([])
  })

  test('do nothing where the key that a path names is one of them', () => {
    const near = ['card number', 'pan']
    expect(places(nearWithoutEffect, rulesOf({ pattern: '[0-9]+', near, path: 'attributes.card_number' }))).toEqual([
      'a.near',
    ])
    expect(places(nearWithoutEffect, rulesOf({ pattern: '[0-9]+', near, path: ['attributes.pan', 'body'] }))).toEqual(
      [],
    )
    expect(places(nearWithoutEffect, rulesOf({ pattern: '[0-9]+', near, path: 'attributes.*' }))).toEqual([])
  })
})

describe('what is no attribute in JSON lines', () => {
  test('is not looked for among the attributes', () => {
    const file = rulesOf({
      path: [
        'attributes.time',
        'attributes.Timestamp',
        'attributes["level"]',
        'attributes.msg',
        'attributes.user.time',
        'attributes.times',
        'resource.time',
        'body',
      ],
    })
    expect(places(notAnAttribute, file)).toEqual(['a.path.0', 'a.path.1', 'a.path.2', 'a.path.3'])
    expect(found(notAnAttribute, file).map(({ message }) => message)[3]).toBe('in JSON lines "msg" is the body')
  })

  test('is not looked for by key, unless other names or other places are meant as well', () => {
    const file = rulesOf({ key: ['^message$', '(?i)^(time|log)$', '^(message|note)$', 'message', '^msg.*$'] })
    expect(places(notAnAttribute, file)).toEqual(['a.key.0', 'a.key.1'])
    expect(places(notAnAttribute, rulesOf({ key: '^message$', path: 'attributes.error.**' }))).toEqual([])
  })

  test('is what the configuration says of the body', () => {
    const file = rulesOf({ path: ['attributes.msg', 'attributes.text'] })
    expect(places(notAnAttribute, file, { bodyKeys: ['text'] })).toEqual(['a.path.1'])
  })
})

test('a detector that is off by default is used somewhere, not everywhere', () => {
  expect(places(noisyDetector, rulesOf({ detect: ['email', 'ipv4'] }))).toEqual(['a.detect.1'])
  for (const limit of [{ path: 'body' }, { key: '^x$' }, { near: 'client' }, { where: { tag: 'x' } }])
    expect(places(noisyDetector, rulesOf({ detect: 'ipv4', ...limit }))).toEqual([])
})

test('tests show both where a rule acts and where it does not', () => {
  const file = rulesOf(
    { path: 'body' },
    { path: 'body', tests: { seal: ['x'] } },
    { path: 'body', tests: { keep: ['x'] } },
    { path: 'body', tests: { seal: ['x'], keep: ['y'] } },
  )
  expect(places(ruleWithoutTests, file)).toEqual(['a', 'b.tests', 'c.tests'])
  expect(found(ruleWithoutTests, file).map(({ message }) => message)).toEqual([
    'the rule has no tests',
    'no test shows where the rule leaves something alone',
    'no test shows where the rule acts',
  ])
})

test('a rule states what it is for and who answers for it', () => {
  const all = { title: 't', owner: 'o', data_category: 'd', purpose: 'p', justification: 'j' }
  const file = rulesOf({ path: 'body', ...all }, { path: 'body', title: 't' })
  expect(found(missingMetadata, file).map(({ index, message }) => [index, message])).toEqual([
    [1, 'the rule does not state its owner, data_category, purpose, justification'],
  ])
})

import { describe, expect, test } from 'vitest'
import { badPath } from '../../../../rules/lint/checks/bad-path.ts'
import { duplicateDetector } from '../../../../rules/lint/checks/duplicate-detector.ts'
import { duplicateId } from '../../../../rules/lint/checks/duplicate-id.ts'
import { patternApart } from '../../../../rules/lint/checks/pattern-apart.ts'
import { refusedPattern } from '../../../../rules/lint/checks/refused-pattern.ts'
import { unknownDetector } from '../../../../rules/lint/checks/unknown-detector.ts'
import { unknownHashKey } from '../../../../rules/lint/checks/unknown-hash-key.ts'
import { unknownRecipient } from '../../../../rules/lint/checks/unknown-recipient.ts'
import { found, KNOWN, places, rulesOf } from '../linting.ts'

const detectors = [{ name: 'staff', pattern: 'S[0-9]{6}' }]

describe('paths', () => {
  test('are refused in rules and in exceptions, where they stand', () => {
    const file = rulesOf({
      path: ['body', 'severity'],
      except: [{ name: 'x', path: ['attributes', 'body'] }],
    })
    expect(places(badPath, file)).toEqual(['a.path.1', 'a.except.0.path.0'])
  })

  test('that lack the first part are shown with it', () => {
    expect(found(badPath, rulesOf({ path: 'user.email' }))[0]?.hint).toBe('Did you mean attributes.user.email?')
    expect(found(badPath, rulesOf({ path: 'attributes..x' }))[0]?.hint).toBeUndefined()
  })
})

describe('patterns', () => {
  test('are refused wherever they stand, and what RE2 lacks is named', () => {
    const file = {
      ...rulesOf({
        pattern: ['ok', 'a(?=b)'],
        key: ['(a)\\1'],
        except: [{ name: 'x', pattern: 'a++' }],
      }),
      detectors: [{ name: 'own', pattern: ['(?<!a)b', 'x*'] }],
    }
    expect(places(refusedPattern, file)).toEqual([
      'a.pattern.1',
      'a.key.0',
      'a.except.0.pattern',
      'own.pattern.0',
      'own.pattern.1',
    ])
    expect(found(refusedPattern, file).map(({ message }) => message)).toEqual([
      'RE2 has no such construct: a look-ahead, "(?=", at character 2',
      'RE2 has no such construct: a back-reference, "\\1", at character 4',
      'RE2 has no such construct: a possessive repetition, "++", at character 2',
      'RE2 has no such construct: a look-behind, "(?<!", at character 1',
      'the pattern matches the empty string',
    ])
  })

  test('for keys and exceptions may match the empty text', () => {
    expect(places(refusedPattern, rulesOf({ key: 'x*', except: [{ name: 'x', pattern: 'y*' }] }))).toEqual([])
  })

  test('that get a set of their own are told', () => {
    const file = {
      ...rulesOf(
        { pattern: ['[A-Z]{60}', 'abc[A-Z]{60}'] },
        { pattern: '[A-Z]{60}', near: 'ticket' },
        { pattern: '^[A-Z]{60}' },
      ),
      detectors: [
        { name: 'own', pattern: '.{0,99}x' },
        { name: 'gated', pattern: '.{0,99}x', near: ['word'] },
      ],
    }
    expect(places(patternApart, file)).toEqual(['a.pattern.0', 'own.pattern.0'])
  })
})

describe('names', () => {
  test('of detectors are those of the catalogue, of the file, and of other files', () => {
    const file = { ...rulesOf({ detect: ['email', 'staff', 'guest', 'emial'] }), detectors }
    expect(places(unknownDetector, file)).toEqual(['a.detect.2', 'a.detect.3'])
    const otherDetectors = [{ ...detectors[0]!, name: 'guest', alone: true, low_entropy: false }]
    expect(places(unknownDetector, file, { otherDetectors })).toEqual(['a.detect.3'])
  })

  test('of own detectors are free, in this file and the others', () => {
    const file = { rules: [], detectors: [{ name: 'email', pattern: 'x' }, ...detectors, ...detectors] }
    expect(places(duplicateDetector, file)).toEqual(['email.name', 'staff.name'])
    const otherDetectors = [{ ...detectors[0]!, alone: true, low_entropy: false }]
    expect(places(duplicateDetector, { rules: [], detectors }, { otherDetectors })).toEqual(['staff.name'])
  })

  test('of rules are there once: the second is at fault', () => {
    expect(
      places(duplicateId, rulesOf({ id: 'x', path: 'body' }, { path: 'body' }, { id: 'x', path: 'body' })),
    ).toEqual(['x.id'])
  })

  test('of recipients are known where a configuration is', () => {
    const file = rulesOf(
      { path: 'body', seal: { to: ['default', 'dpo', 'nobody'] } },
      { path: 'body', seal: { to: 'tenant:{resource.tenant.id}', fallback: 'somebody' } },
    )
    expect(places(unknownRecipient, file)).toEqual([])
    expect(places(unknownRecipient, file, { known: KNOWN })).toEqual(['a.seal.to.2', 'b.seal.to.0', 'b.seal.fallback'])
    const groups = new Map([['tenant:acme', ['dpo']]])
    expect(places(unknownRecipient, file, { known: { ...KNOWN, groups } })).toContain('a.seal.to.0')
    expect(places(unknownRecipient, file, { known: { ...KNOWN, groups } })).not.toContain('b.seal.to.0')
  })

  test('of hash keys are known where a configuration is', () => {
    const file = rulesOf({ path: 'body', hash: { key: 'k' } }, { path: 'body', hash: { key: 'pseudonyms' } })
    expect(places(unknownHashKey, file)).toEqual([])
    expect(places(unknownHashKey, file, { known: KNOWN })).toEqual(['a.hash.key'])
  })
})

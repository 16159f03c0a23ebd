import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSteps } from '../../../rules/lint/path-language.ts'
import { type PathPattern, type PathStep, parsePath, pathMatches, showPath } from '../../../rules/path.ts'

function parsed(source: string): PathPattern {
  const pattern = parsePath(source)
  if (typeof pattern === 'string') throw new Error(`${source}: ${pattern}`)
  return pattern
}

function shared(...sources: readonly string[]): string | undefined {
  const steps = findSteps({ within: sources.map((source) => [parsed(source)]) })
  return steps === undefined || steps === 'undecided' ? steps : showPath(steps)
}

describe('what paths have in common', () => {
  test.each([
    ['body', 'body', 'body'],
    ['body', '**', 'body'],
    ['attributes.**', 'attributes.user.email', 'attributes.user.email'],
    ['attributes.*.email', 'attributes.user.*', 'attributes.user.email'],
    ['attributes.User', 'attributes.user', 'attributes.user'],
    ['**.email', 'resource.user.*', 'resource.user.email'],
    ['attributes.items[*].id', 'attributes.**.id', 'attributes.items[*].id'],
    ['attributes["user.email"]', 'attributes.user.email', 'attributes.user.email'],
    ['attributes["user.email"]', 'attributes.**', 'attributes.user.email'],
    ['attributes.a.*', 'attributes["a.b"]', 'attributes.a.b'],
    ['**.body', '**', 'body'],
  ])('%s and %s share %s', (left, right, path) => {
    expect(shared(left, right)).toBe(path)
    expect(shared(right, left)).toBe(path)
  })

  test.each([
    ['body', 'attributes.body'],
    ['attributes.user', 'attributes.user.email'],
    ['attributes.*', 'attributes.a.b'],
    ['attributes.items[*]', 'attributes.items.id'],
    ['attributes["user.email"]', 'attributes["user"].email'],
    ['attributes["user.email"]', 'attributes.user["email"]'],
    ['**.email', 'body'],
    ['resource.**', 'scope.**'],
  ])('%s and %s share nothing', (left, right) => {
    expect(shared(left, right)).toBeUndefined()
    expect(shared(right, left)).toBeUndefined()
  })

  test('what one names and the other does not', () => {
    const beside = (inner: string, ...outer: string[]) =>
      findSteps({ within: [[parsed(inner)]], outside: [outer.map(parsed)] })
    expect(beside('attributes.user.email', 'attributes.user.*')).toBeUndefined()
    expect(beside('attributes.user.email', 'attributes.*')).toEqual([
      { kind: 'key', key: 'attributes' },
      { kind: 'key', key: 'user' },
      { kind: 'key', key: 'email' },
    ])
    expect(beside('**', 'body.**', 'attributes.**', 'resource.**', 'scope.**')).toBeUndefined()
    expect(beside('**', 'body.**', 'attributes.**', 'resource.**')).toEqual([{ kind: 'key', key: 'scope' }])
    // An undivided key is less than its pieces.
    expect(beside('attributes["a.b"]', 'attributes.a.b')).toBeUndefined()
    expect(beside('attributes.a.b', 'attributes["a.b"]')).toBeDefined()
    expect(beside('attributes.x.y', 'attributes["x"].y')).toEqual([
      { kind: 'key', key: 'attributes' },
      { kind: 'key', key: 'x.y' },
    ])
  })

  test('paths beyond measure are left undecided rather than looked at for ever', () => {
    const wild = (last: string) => parsed(`**.a${'.*'.repeat(26)}.${last}`)
    expect(findSteps({ within: [[wild('b')]], outside: [[wild('c')], [parsed(`**.b${'.*'.repeat(25)}.a`)]] })).toBe(
      'undecided',
    )
    const long = parsed(`attributes["${'a.'.repeat(40)}"]`)
    expect(findSteps({ within: [[long]] })).toBe('undecided')
  })
})

const segment = fc.constantFrom('.a', '.b', '.*', '.**', '[*]', '["a"]', '["a.b"]', '["b.a"]')
const path = fc
  .tuple(fc.constantFrom('attributes', '**', 'resource'), fc.array(segment, { minLength: 1, maxLength: 4 }))
  .map(([root, rest]) => parsed(root + rest.join('')))
const step: fc.Arbitrary<PathStep> = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'a.b', 'b.a', 'a.c', 'a.b.a', 'A').map((key): PathStep => ({ kind: 'key', key })),
  fc.constant<PathStep>({ kind: 'element' }),
)
const steps = fc
  .tuple(fc.constantFrom('attributes', 'resource', 'body'), fc.array(step, { maxLength: 4 }))
  .map(([root, rest]): PathStep[] => [{ kind: 'key', key: root }, ...rest])

describe('as pathMatches sees it', () => {
  test('steps that are found are named by the one and not by the other', () => {
    fc.assert(
      fc.property(path, path, fc.option(path), (left, right, not) => {
        const found = findSteps({ within: [[left], [right]], outside: not === null ? [] : [[not]] })
        if (found === undefined || found === 'undecided') return
        expect(pathMatches(left, found)).toBe(true)
        expect(pathMatches(right, found)).toBe(true)
        if (not !== null) expect(pathMatches(not, found)).toBe(false)
      }),
      { numRuns: 3000 },
    )
  })

  test('where steps are named by the one and not by the other, some are found', () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 2 }), path, path, steps, (left, right, not, given) => {
        const named = (one: PathPattern) => pathMatches(one, given)
        if (left.some(named) && named(right)) expect(findSteps({ within: [left, [right]] })).toBeDefined()
        if (named(right) && !named(not)) expect(findSteps({ within: [[right]], outside: [[not]] })).toBeDefined()
        if (left.some(named) && !named(not)) expect(findSteps({ within: [left], outside: [[not]] })).toBeDefined()
      }),
      { numRuns: 5000 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type PathPattern,
  type PathSegment,
  type PathStep,
  parsePath,
  pathMatches,
  showPath,
} from '../../rules/path.ts'

const E: PathStep = { kind: 'element' }

/** Steps from keys; `[]` stands for the elements of an array. */
function steps(...keys: readonly string[]): PathStep[] {
  return keys.map((key) => (key === '[]' ? E : { kind: 'key', key }))
}

function parsed(source: string): PathPattern {
  const pattern = parsePath(source)
  if (typeof pattern === 'string') throw new Error(pattern)
  return pattern
}

const matches = (source: string, path: readonly PathStep[]) => pathMatches(parsed(source), path)

describe('the grammar of paths', () => {
  test.each([
    ['body', [{ kind: 'name', name: 'body' }]],
    [
      'Attributes.User.EMAIL',
      [
        { kind: 'name', name: 'attributes' },
        { kind: 'name', name: 'user' },
        { kind: 'name', name: 'email' },
      ],
    ],
    ['**', [{ kind: 'deep' }]],
    ['**.password', [{ kind: 'deep' }, { kind: 'name', name: 'password' }]],
    ['resource.**', [{ kind: 'name', name: 'resource' }, { kind: 'deep' }]],
    [
      'attributes.items[*].id',
      [
        { kind: 'name', name: 'attributes' },
        { kind: 'name', name: 'items' },
        { kind: 'element' },
        { kind: 'name', name: 'id' },
      ],
    ],
    [
      'attributes["odd.Key"]',
      [
        { kind: 'name', name: 'attributes' },
        { kind: 'key', key: 'odd.key' },
      ],
    ],
    [
      'attributes["a\\"b\\\\"]',
      [
        { kind: 'name', name: 'attributes' },
        { kind: 'key', key: 'a"b\\' },
      ],
    ],
    ['scope.*', [{ kind: 'name', name: 'scope' }, { kind: 'any' }]],
    [
      'attributes.a b',
      [
        { kind: 'name', name: 'attributes' },
        { kind: 'name', name: 'a b' },
      ],
    ],
  ])('reads %s', (source, segments) => {
    expect(parsePath(source)).toEqual({ source, segments })
  })

  test.each([
    ['', 'a path is empty'],
    ['user.email', 'a path begins with body, attributes, resource, scope or **'],
    ['*', 'a path begins with body, attributes, resource, scope or **'],
    ['["body"]', 'a path begins with body, attributes, resource, scope or **'],
    ['attributes', 'name a key below attributes, for example attributes.**'],
    ['resource', 'name a key below resource, for example resource.**'],
    ['attributes.', 'unexpected character 12'],
    ['attributes..a', 'unexpected character 12'],
    ['.body', 'unexpected character 1'],
    ['body.a"b', 'expected "." or "[" at character 7'],
    ['body.a*b', 'expected "." or "[" at character 7'],
    ['body["a]', 'unexpected character 5'],
    ['body[0]', 'unexpected character 5'],
    ['body]', 'expected "." or "[" at character 5'],
    [`body${'.a'.repeat(30)}`, 'a path has at most 30 segments'],
  ])('says what is wrong with %j', (source, problem) => {
    expect(parsePath(source)).toBe(problem)
  })

  test('takes as many segments as it says', () => {
    expect(typeof parsePath(`body${'.a'.repeat(29)}`)).toBe('object')
  })
})

describe('a path names', () => {
  test.each([
    ['attributes.user.email', steps('attributes', 'user.email')],
    ['attributes.user.email', steps('attributes', 'user', 'email')],
    ['attributes.USER.email', steps('attributes', 'uSer', 'Email')],
    ['attributes.a.b.c', steps('attributes', 'a.b', 'c')],
    ['attributes["user.email"]', steps('attributes', 'user.email')],
    ['attributes["User.Email"]', steps('attributes', 'USER.EMAIL')],
    ['attributes.*', steps('attributes', 'user')],
    ['attributes.*', steps('attributes', '[]')],
    ['attributes.*.*', steps('attributes', 'user.email')],
    ['**', steps('body')],
    ['**', steps('attributes', 'a', '[]', 'b')],
    ['attributes.**', steps('attributes')],
    ['attributes.**', steps('attributes', 'a.b', 'c')],
    ['**.email', steps('attributes', 'user.email')],
    ['**.email', steps('resource', 'a', '[]', 'email')],
    ['attributes.**.id', steps('attributes', 'id')],
    ['attributes.items[*].id', steps('attributes', 'items', '[]', 'id')],
    ['body[*]', steps('body', '[]')],
    ['**.a.**.b', steps('body', 'a', 'x', 'a', 'y', 'b')],
    ['attributes["a.b"].c', steps('attributes', 'a.b', 'c')],
    ['attributes.**["a.b"]', steps('attributes', 'x.y', 'a.b')],
    ['attributes["a b"]', steps('attributes', 'a b')],
  ])('%s: a value at %j', (source, path) => {
    expect(matches(source, path)).toBe(true)
  })

  test.each([
    ['attributes.user', steps('attributes', 'user.email')],
    ['attributes.email', steps('attributes', 'user.email')],
    ['attributes["user.email"]', steps('attributes', 'user', 'email')],
    ['attributes["user"]', steps('attributes', 'user.email')],
    ['attributes.user["email"]', steps('attributes', 'user.email')],
    ['attributes.*', steps('attributes', 'user.email')],
    ['attributes.*', steps('attributes')],
    ['body', steps('attributes', 'body')],
    ['body', steps('body', '[]')],
    ['attributes.a[*]', steps('attributes', 'a', 'b')],
    ['attributes.items.id', steps('attributes', 'items', '[]', 'id')],
    ['attributes.user', steps('attributes', 'usér')],
    // Only ASCII is folded: the Kelvin sign is not a k.
    ['attributes.k', steps('attributes', '\u212a')],
    ['attributes.use', steps('attributes', 'user')],
    ['attributes.user', steps('attributes', 'use')],
    ['resource.**', steps('attributes', 'a')],
  ])('%s: not a value at %j', (source, path) => {
    expect(matches(source, path)).toBe(false)
  })

  test('the same as plain recursion over the pieces says', () => {
    const segment: fc.Arbitrary<PathSegment> = fc.oneof(
      fc.constantFrom<PathSegment>({ kind: 'deep' }, { kind: 'any' }, { kind: 'element' }),
      fc.constantFrom('a', 'b').map((name): PathSegment => ({ kind: 'name', name })),
      fc.constantFrom('a', 'b', 'a.b', 'a.', '.').map((key): PathSegment => ({ kind: 'key', key })),
    )
    const step: fc.Arbitrary<PathStep> = fc.oneof(
      fc.constant(E),
      fc.constantFrom('a', 'B', 'a.b', 'A.', '.', '', 'b.a.b').map((key): PathStep => ({ kind: 'key', key })),
    )
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), fc.array(step, { maxLength: 5 }), (segments, path) => {
        expect(pathMatches({ source: '', segments }, path)).toBe(plainly(segments, path))
      }),
      { numRuns: 5000 },
    )
  })

  test('keys of any number of dots, without time or memory for each choice between them', () => {
    const dots = steps('attributes', '.'.repeat(2_000_000))
    expect(matches('**.x.**.y', dots)).toBe(false)
    expect(matches('attributes.**', dots)).toBe(true)
  })
})

/** What the rest of the segments makes of the rest of the steps: the definition, tried in every way. */
function plainly(segments: readonly PathSegment[], path: readonly PathStep[]): boolean {
  type Piece = { readonly text?: string; readonly key?: string; readonly left: number }
  const pieces = path.flatMap((step): Piece[] => {
    if (step.kind === 'element') return [{ left: 0 }]
    const key = step.key.toLowerCase()
    const texts = key.split('.')
    return texts.map((text, index) => ({ text, key, left: index === 0 ? texts.length : 0 }))
  })
  const from = (segmentAt: number, pieceAt: number): boolean => {
    const segment = segments[segmentAt]
    if (segment === undefined) return pieceAt === pieces.length
    if (segment.kind === 'deep' && from(segmentAt + 1, pieceAt)) return true
    const piece = pieces[pieceAt]
    if (piece === undefined) return false
    switch (segment.kind) {
      case 'deep':
        return from(segmentAt, pieceAt + 1)
      case 'any':
        return from(segmentAt + 1, pieceAt + 1)
      case 'element':
        return piece.text === undefined && from(segmentAt + 1, pieceAt + 1)
      case 'name':
        return piece.text === segment.name && from(segmentAt + 1, pieceAt + 1)
      case 'key':
        return piece.key === segment.key && piece.left > 0 && from(segmentAt + 1, pieceAt + piece.left)
    }
  }
  return from(0, 0)
}

describe('a path is shown', () => {
  test.each([
    [steps('attributes', 'user.email'), 'attributes.user.email'],
    [steps('attributes', 'items', '[]', 'id'), 'attributes.items[*].id'],
    [steps('attributes', 'odd key'), 'attributes["odd key"]'],
    [steps('attributes', ''), 'attributes[""]'],
    [steps('attributes', 'a"b'), 'attributes["a\\"b"]'],
    [steps('attributes', 'a..b'), 'attributes["a..b"]'],
    [steps('body'), 'body'],
  ])('%j as %s', (path, shown) => {
    expect(showPath(path)).toBe(shown)
  })

  test('without a key that holds something', () => {
    const masked = { kind: 'key', key: 'jane@example.org', masked: true } as const
    expect(showPath([{ kind: 'key', key: 'attributes' }, masked, { kind: 'key', key: 'age' }])).toBe('attributes.*.age')
  })

  test('so that the parser reads it back as the same place', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constant(E),
            fc.string().map((key): PathStep => ({ kind: 'key', key })),
          ),
          { maxLength: 5 },
        ),
        (rest) => {
          const path: PathStep[] = [{ kind: 'key', key: 'body' }, ...rest]
          const shown = showPath(path)
          // JSON's escapes beyond quotes and backslashes are not part of the grammar.
          fc.pre(!/\\[^"\\]/.test(shown) && !shown.includes('\n'))
          expect(matches(shown, path)).toBe(true)
        },
      ),
    )
  })
})

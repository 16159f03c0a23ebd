import RE2 from 're2'
import { expect, test } from 'vitest'
import { type ExceptionTest, isExcepted } from '../../rules/except.ts'
import { type PathPattern, type PathStep, parsePath } from '../../rules/path.ts'

const STEPS: readonly PathStep[] = [
  { kind: 'key', key: 'attributes' },
  { kind: 'key', key: 'order.card' },
]

function exception(change: Partial<ExceptionTest>): ExceptionTest {
  return { name: 'test-cards', pattern: undefined, paths: [], expiresAt: Number.POSITIVE_INFINITY, ...change }
}

const path = (source: string) => parsePath(source) as PathPattern

test.each([
  ['its pattern finds something in the match', { pattern: new RE2('^4111', 'u') }, true],
  ['its pattern finds nothing', { pattern: new RE2('^4222', 'u') }, false],
  ['it names the path', { paths: [path('attributes.order.*')] }, true],
  ['it names other paths', { paths: [path('body'), path('resource.**')] }, false],
  ['pattern and path agree', { pattern: new RE2('1$', 'u'), paths: [path('**')] }, true],
  ['only the path agrees', { pattern: new RE2('2$', 'u'), paths: [path('**')] }, false],
  ['only the pattern agrees', { pattern: new RE2('1$', 'u'), paths: [path('body')] }, false],
  ['it expires later', { pattern: new RE2('4', 'u'), expiresAt: 1001 }, true],
  ['it expires now', { pattern: new RE2('4', 'u'), expiresAt: 1000 }, false],
])('where %s: %s', (_why, change, excepted) => {
  // The same answer every time: a pattern keeps no place in the text.
  for (let time = 0; time < 3; time += 1) {
    expect(isExcepted(exception(change as Partial<ExceptionTest>), '4111111111111111', STEPS, 1000)).toBe(excepted)
  }
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CleanValues } from '../../../processor/formats/clean-values.ts'
import type { PathNode } from '../../../rules/path-trie.ts'

const nodeThatRepeats = () => ({ repeats: 8 }) as PathNode

/** Asks for each text in turn, as one chunk. */
function ask(clean: CleanValues, texts: readonly string[], node = nodeThatRepeats()): boolean[] {
  const bytes = Buffer.from(texts.join('\n'), 'latin1')
  clean.begin(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
  let start = 0
  return texts.map((text) => {
    const known = clean.has(start, start + text.length, node)
    start += text.length + 1
    return known
  })
}

describe('texts that are known to be clean', () => {
  test('are those of a chunk that was found clean, and no others', () => {
    const clean = new CleanValues()
    expect(ask(clean, ['checkout-7f9c', 'checkout-7f9d'])).toEqual([false, false])
    clean.keep()
    expect(ask(clean, ['checkout-7f9c', 'checkout-7f9d', 'checkout-7f9e'])).toEqual([true, true, false])
  })

  test('are not those of a chunk in which something matched', () => {
    const clean = new CleanValues()
    ask(clean, ['jane@example.com'])
    clean.forget()
    clean.keep()
    expect(ask(clean, ['jane@example.com'])).toEqual([false])
  })

  test('are not those of a batch that was given up before its chunk was matched', () => {
    const clean = new CleanValues()
    ask(clean, ['jane@example.com'])
    ask(clean, ['other-text'])
    clean.keep()
    expect(ask(clean, ['jane@example.com', 'other-text'])).toEqual([false, true])
  })

  test('have 4 to 64 bytes', () => {
    const clean = new CleanValues()
    const texts = ['a'.repeat(3), 'b'.repeat(4), 'c'.repeat(64), 'd'.repeat(65)]
    ask(clean, texts)
    clean.keep()
    expect(ask(clean, texts)).toEqual([false, true, true, false])
  })

  test('are compared by all their bytes, whatever is written over what', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 4, maxLength: 9 }),
      // The same first and last four bytes, and so the same slot.
      fc.string({ unit: fc.constantFrom('a', 'b', '\xff'), minLength: 0, maxLength: 56 }).map((s) => `host${s}-end`),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(text, { maxLength: 40 }), fc.boolean()), { maxLength: 30 }), (chunks) => {
        const clean = new CleanValues()
        const kept = new Set<string>()
        for (const [texts, isClean] of chunks) {
          for (const [index, known] of ask(clean, texts).entries()) if (known) expect(kept).toContain(texts[index])
          if (!isClean) {
            clean.forget()
            continue
          }
          clean.keep()
          for (const value of texts) kept.add(value)
        }
      }),
    )
  })

  test('are looked up only now and then where they never repeat, and are found again once they do', () => {
    const clean = new CleanValues()
    const node = nodeThatRepeats()
    let known = 0
    for (let chunk = 0; chunk < 100; chunk += 1) {
      ask(clean, [`unique-${chunk}`, `unique-${chunk}-b`], node)
      clean.keep()
    }
    expect(node.repeats).toBe(0)
    for (let chunk = 0; chunk < 100; chunk += 1) {
      known += ask(clean, ['the same', 'again'], node).filter(Boolean).length
      clean.keep()
    }
    expect(known).toBeGreaterThan(100)
  })
})

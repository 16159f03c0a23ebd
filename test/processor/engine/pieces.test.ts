import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Claim } from '../../../processor/engine/claims.ts'
import { isCovered, shareOut, subtract } from '../../../processor/engine/pieces.ts'

const LENGTH = 24

const span = fc
  .tuple(fc.nat(LENGTH - 1), fc.integer({ min: 1, max: 8 }))
  .map(([start, length]) => ({ start, end: Math.min(LENGTH, start + length) }))

const claim = fc
  .record({ span, rank: fc.nat(3), order: fc.nat(3) })
  .map(
    ({ span: { start, end }, rank, order }) => ({ start, end, rule: { action: { rank }, order } }) as unknown as Claim,
  )

/** Matches of one pattern never overlap; equal rules may still claim the same place by two detectors. */
const claims = fc.array(claim, { maxLength: 8 })

const covers = ({ start, end }: { start: number; end: number }, at: number) => start <= at && at < end
const strength = ({ rule }: Claim) => rule.action.rank * 10 + rule.order

describe('sharing a text out', () => {
  test('gives each byte to the strongest claim on it, and to none what is taken', () => {
    fc.assert(
      fc.property(claims, fc.array(span, { maxLength: 3 }), (all, taken) => {
        const pieces = shareOut(all, taken)
        for (let at = 0; at < LENGTH; at += 1) {
          const rivals = all.filter((one) => covers(one, at)).map(strength)
          const owners = pieces.filter((piece) => covers(piece, at)).map((piece) => strength(piece.claim))
          const isFree = rivals.length > 0 && !taken.some((one) => covers(one, at))
          expect(owners).toEqual(isFree ? [Math.min(...rivals)] : [])
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('gives pieces in order, none empty, and each inside the span of its claim', () => {
    fc.assert(
      fc.property(claims, fc.array(span, { maxLength: 3 }), (all, taken) => {
        let end = 0
        for (const piece of shareOut(all, taken)) {
          expect(piece.start).toBeGreaterThanOrEqual(end)
          expect(piece.end).toBeGreaterThan(piece.start)
          expect(piece.start).toBeGreaterThanOrEqual(piece.claim.start)
          expect(piece.end).toBeLessThanOrEqual(piece.claim.end)
          end = piece.end
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves a claim that no other touches in one piece', () => {
    const alone = { start: 2, end: 9, rule: { action: { rank: 1 }, order: 0 } } as unknown as Claim
    const inside = { start: 4, end: 6, rule: { action: { rank: 3 }, order: 1 } } as unknown as Claim
    expect(shareOut([inside, alone], [])).toEqual([{ start: 2, end: 9, claim: alone }])
  })

  test('what is subtracted leaves every other byte, in order', () => {
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 4 }), (whole, others) => {
        const ordered = [...others].sort((a, b) => a.start - b.start)
        const left = subtract(whole, ordered)
        for (let at = 0; at < LENGTH; at += 1) {
          const expected = covers(whole, at) && !others.some((one) => covers(one, at))
          expect(left.filter((one) => covers(one, at))).toHaveLength(expected ? 1 : 0)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('a span is covered where nothing is left of it', () => {
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 6 }), (whole, others) => {
        const apart = others
          .toSorted((a, b) => a.start - b.start)
          .filter((one, index, all) => all.slice(0, index).every((before) => before.end <= one.start))
        expect(isCovered(whole, apart)).toBe(subtract(whole, apart).length === 0)
      }),
      { numRuns: 1000 },
    )
  })
})

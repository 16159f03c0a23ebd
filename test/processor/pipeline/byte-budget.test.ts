import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteBudget } from '../../../processor/pipeline/byte-budget.ts'

describe('the byte budget', () => {
  test('says whose limit is reached: that of the connection, or that of all', () => {
    const budget = new ByteBudget(100)
    const one = budget.connection(60).reservation()
    const other = budget.connection(60).reservation()
    expect(one.grow(60)).toBeUndefined()
    expect(one.grow(1)).toBe('connection')
    expect(other.grow(41)).toBe('total')
    expect(other.grow(40)).toBeUndefined()
    expect(budget.used).toBe(100)
  })

  test('takes nothing of what it refuses', () => {
    const budget = new ByteBudget(10)
    const reservation = budget.connection(5).reservation()
    expect(reservation.grow(6)).toBe('connection')
    expect([reservation.bytes, budget.used]).toEqual([0, 0])
  })

  test('counts the batches of one connection together', () => {
    const connection = new ByteBudget(100).connection(50)
    const first = connection.reservation()
    const second = connection.reservation()
    expect(first.grow(30)).toBeUndefined()
    expect(second.grow(30)).toBe('connection')
    first.release()
    expect(second.grow(30)).toBeUndefined()
  })

  test('is never over a limit, and empty once all is released', () => {
    const step = fc.record({ connection: fc.nat(2), grow: fc.nat(40), shrink: fc.nat(40), release: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new ByteBudget(100)
        const connections = [50, 60, 200].map((limit) => budget.connection(limit))
        const reservations = connections.map((connection) => connection.reservation())
        for (const { connection, grow, shrink, release } of steps) {
          const reservation = reservations[connection]!
          reservation.grow(grow)
          reservation.shrink(shrink)
          if (release) reservation.release()
          expect(budget.used).toBeLessThanOrEqual(100)
          expect(budget.used).toBe(reservations.reduce((sum, { bytes }) => sum + bytes, 0))
          for (const one of connections) expect(one.used).toBeLessThanOrEqual(one.limit)
        }
        for (const reservation of reservations) {
          reservation.release()
          reservation.release()
        }
        expect([budget.used, ...connections.map(({ used }) => used)]).toEqual([0, 0, 0, 0])
      }),
    )
  })
})

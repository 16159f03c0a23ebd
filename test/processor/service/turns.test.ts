import { expect, test } from 'vitest'
import { Turns } from '../../../processor/service/turns.ts'

class Writer {
  readonly turns: boolean[] = []

  yourTurn(torn: boolean) {
    this.turns.push(torn)
  }
}

test('one writes at a time, in the order of asking', () => {
  const turns = new Turns<Writer>()
  const [one, two] = [new Writer(), new Writer()]
  turns.wanted(one)
  turns.wanted(two)
  turns.wanted(one)
  expect([one.turns.length, two.turns.length]).toEqual([1, 0])
  turns.over(two)
  expect(two.turns).toHaveLength(0)
  turns.over(one)
  expect([one.turns.length, two.turns.length]).toEqual([1, 1])
  turns.over(two)
  expect(one.turns).toEqual([false, false])
})

test('who ends in the middle of a write makes room, and the next one is told', () => {
  const turns = new Turns<Writer>()
  const [one, two, three] = [new Writer(), new Writer(), new Writer()]
  for (const writer of [one, two, three]) turns.wanted(writer)
  turns.ended(two)
  turns.ended(one)
  expect([two.turns, three.turns]).toEqual([[], [true]])
  turns.over(three)
  turns.wanted(three)
  expect(three.turns).toEqual([true, false])
})

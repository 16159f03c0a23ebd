import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { Signals } from '../../../processor/service/signals.ts'

function setUp() {
  const emitter = new EventEmitter()
  const forced: number[] = []
  const signals = new Signals(emitter, (code) => forced.push(code))
  return { emitter, signals, forced }
}

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'])('%s asks for an end, once', async (signal) => {
    const { emitter, signals, forced } = setUp()
    emitter.emit(signal)
    await signals.stop
    expect([signals.stopAsked, forced]).toEqual([true, []])
  })

  test('a second one forces it, with the exit code of shells', () => {
    const { emitter, forced } = setUp()
    emitter.emit('SIGTERM')
    emitter.emit('SIGINT')
    emitter.emit('SIGTERM')
    expect(forced).toEqual([130, 143])
  })

  test('SIGHUP reloads each time, and what came before anything could be reloaded is made up for once', () => {
    const { emitter, signals } = setUp()
    let reloads = 0
    emitter.emit('SIGHUP')
    emitter.emit('SIGHUP')
    signals.onReload(() => {
      reloads += 1
    })
    expect(reloads).toBe(1)
    emitter.emit('SIGHUP')
    expect(reloads).toBe(2)
  })

  test('without SIGHUP nothing is reloaded', () => {
    const { signals } = setUp()
    signals.onReload(() => expect.fail('nobody asked'))
  })

  test('SIGUSR2 does not end the process', () => {
    const { emitter } = setUp()
    expect(emitter.listenerCount('SIGUSR2')).toBe(1)
  })
})

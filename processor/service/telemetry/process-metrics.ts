import { monitorEventLoopDelay } from 'node:perf_hooks'
import { observe } from '../../telemetry/instruments.ts'

const RESOLUTION_MS = 10
/** Readings that are closer together are of the same time: all three of one collection. */
const SAME_READING_MS = 100

/** Shows memory, processor time and the delay of the event loop of this process. @returns what ends it. */
export function observeProcess(): () => void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  let read = { at: Number.NEGATIVE_INFINITY, p50: 0, p99: 0, max: 0 }
  const delay = () => {
    const now = performance.now()
    if (now - read.at < SAME_READING_MS) return read
    // It measures how late a timer is, its own pause included.
    const seconds = (nanoseconds: number) => Math.max(0, (nanoseconds || 0) / 1e9 - RESOLUTION_MS / 1e3)
    read = {
      at: now,
      p50: seconds(histogram.percentile(50)),
      p99: seconds(histogram.percentile(99)),
      max: seconds(histogram.count === 0 ? 0 : histogram.max),
    }
    histogram.reset()
    return read
  }
  const endings = [
    observe('nodejs.eventloop.delay.p50', () => [[delay().p50, {}]]),
    observe('nodejs.eventloop.delay.p99', () => [[delay().p99, {}]]),
    observe('nodejs.eventloop.delay.max', () => [[delay().max, {}]]),
    observe('process.memory.usage', () => [[process.memoryUsage.rss(), {}]]),
    observe('process.cpu.time', () => {
      const { user, system } = process.cpuUsage()
      return [
        [user / 1e6, { 'cpu.mode': 'user' }],
        [system / 1e6, { 'cpu.mode': 'system' }],
      ]
    }),
  ]
  return () => {
    for (const end of endings) end()
    histogram.disable()
  }
}

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Much of the time goes into waiting for processes that tests start.
    maxWorkers: '100%',
    // No test has a time limit of its own: the machine is shared, and speed is the benchmark's business.
    testTimeout: 0,
    hookTimeout: 0,
    // Tests that are concurrent wait, most of the time, for programs that wait themselves.
    maxConcurrency: 10,
  },
})

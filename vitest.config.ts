import { defineConfig } from 'vitest/config'
import { ENVIRONMENT, MEASURING, SHARING } from './test/processes.ts'

// For the processes of tests and the programs that they start.
Object.assign(process.env, ENVIRONMENT)

const OTHERS = ['test/fuzz/**/*.test.ts', 'test/interop/**/*.test.ts']

const projects = [
  { name: 'shared', isolate: false, include: [...SHARING], exclude: [...MEASURING] },
  { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...SHARING, ...OTHERS] },
  { name: 'measuring', include: [...MEASURING] },
  // In runs of their own: `npm run test:fuzz`, `npm run test:interop`.
  ...OTHERS.map((include) => ({ name: include.split('/')[1]!, include: [include] })),
]

export default defineConfig({
  test: {
    projects: projects.map((test) => ({ extends: true, test })),
    pool: 'forks',
    // Much of the time goes into waiting for processes that tests start.
    maxWorkers: '100%',
    // No test has a time limit of its own: the machine is shared, and speed is the benchmark's business.
    testTimeout: 0,
    hookTimeout: 0,
    // Tests that are concurrent wait, most of the time, for programs that wait themselves.
    maxConcurrency: 10,
    // Whatever a test replaces is back before the next one.
    restoreMocks: true,
    unstubEnvs: true,
  },
})

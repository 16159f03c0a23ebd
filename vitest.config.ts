import { defineConfig } from 'vitest/config'
import { ENVIRONMENT, MEASURING, OTHERS, PROGRAMS, SHARING } from './test/processes.ts'

// For the processes of tests and the programs that they start.
Object.assign(process.env, ENVIRONMENT)

const projects = [
  { name: 'shared', isolate: false, include: [...SHARING], exclude: [...MEASURING, ...PROGRAMS] },
  { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...SHARING, ...PROGRAMS, ...OTHERS] },
  { name: 'measuring', include: [...MEASURING] },
  // In runs of their own: `npm run test:programs`, `test:fuzz` and `test:interop`.
  { name: 'programs', include: [...PROGRAMS] },
  ...OTHERS.map((include) => ({ name: include.split('/')[1]!, include: [include] })),
]

export default defineConfig({
  test: {
    globalSetup: 'test/temporary-files.ts',
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

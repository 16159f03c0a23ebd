import { join } from 'node:path'

/**
 * Tests whose files share processes, in which each module is loaded once: the processor keeps no state outside of what is made
 * of its classes, and what a test sets up it takes away. It saves a second for each file.
 */
export const SHARING: readonly string[] = [
  'test/{conformance,detectors,rules}/**/*.test.ts',
  'test/processor/{authoring,cli,config,engine,formats,forward,http,jwe,pipeline,sinks,sources}/**/*.test.ts',
]

/**
 * Of those, the ones that measure what a process has once (its memory, its timers). They have processes of their own, as have all other
 * tests, some of which change it: what is global in OpenTelemetry, the working directory.
 */
export const MEASURING: readonly string[] = [
  'test/processor/engine/scan-memory.test.ts',
  'test/processor/jwe/epoch.test.ts',
  'test/processor/sinks/otlp-grpc/hostile.test.ts',
  'test/processor/sources/otlp-grpc/limits.test.ts',
  'test/processor/sources/otlp-http/{idle-connections,memory}.test.ts',
]

/** Tests of whole programs, as their users start them: most of their time is that of programs that start, run and end. */
export const PROGRAMS: readonly string[] = [
  'test/canary/service.test.ts',
  'test/docs/{readme,service}.test.ts',
  'test/processor/canary/runs.test.ts',
  'test/processor/cli/{canary,run,run-*}.test.ts',
  'test/processor/scanning/state.test.ts',
  'test/processor/service/{hardened-service,reload-under-load,supervisor-processes}.test.ts',
  'test/processor/service/telemetry/*.test.ts',
  'test/processor/sinks/file/kill.test.ts',
  'test/processor/sources/files/kill.test.ts',
  'test/processor/sources/forward/clients.test.ts',
  'test/processor/transports/pino/{endings,worker}.test.ts',
  'test/scripts/demo/run.test.ts',
]

/** Fuzzing, and programs of others. */
export const OTHERS: readonly string[] = ['test/fuzz/**/*.test.ts', 'test/interop/**/*.test.ts']

/**
 * The environment of a program that a test starts, where that is to be empty: nothing but the place where Node keeps the code
 * that it has compiled, with the types taken out, which is half of the time that a start from source takes.
 */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'),
}

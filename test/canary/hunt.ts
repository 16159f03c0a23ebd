/** What looks for leaks in tests of programs that log looks for them here, too. */
export { type Canary, Hunt, type Leak, leaksIn } from '../../processor/transports/testing/leaks.ts'

/** A service at 127.0.0.1, in a process of its own. */
export interface ServiceUnderTest {
  /** Of the process that was started; there may be workers below it. */
  readonly pid: number
  readonly port: number
  /** Asks it to end, and waits. @returns the problems. */
  stop(): Promise<string[]>
}

import type { ConnectionBudget, Reservation } from '../../pipeline/byte-budget.ts'
import { pause } from './pause.ts'

/** Milliseconds between two looks at whether there is room. */
const FIRST_WAIT_MS = 5
const LONGEST_WAIT_MS = 200

/** Reserves bytes, and waits for them: a file or a pipe can. @returns undefined where the signal came first. */
export async function roomFor(
  bytes: number,
  connection: ConnectionBudget,
  signal: AbortSignal,
): Promise<Reservation | undefined> {
  const reservation = connection.reservation()
  for (let milliseconds = FIRST_WAIT_MS; !signal.aborted; milliseconds = Math.min(2 * milliseconds, LONGEST_WAIT_MS)) {
    if (reservation.grow(bytes) === undefined) return reservation
    await pause(milliseconds, signal)
  }
  return undefined
}

import { setTimeout as wait } from 'node:timers/promises'
import type { RunningProgram } from '../../peers/running-program.ts'

const PAUSE_MILLISECONDS = 50

/** Asks a program until it answers. Rejects where it ends before. */
export async function untilItAnswers(ask: () => Promise<unknown>, program: RunningProgram): Promise<void> {
  let hasEnded = false
  void program.finished.then(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    try {
      await ask()
      return
    } catch {
      await wait(PAUSE_MILLISECONDS)
    }
  }
  throw new Error(`the program ended:\n${program.output}`)
}

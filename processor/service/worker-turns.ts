import type { Exclusive } from '../sinks/sink.ts'
import type { FromWorker, ToWorker } from './worker-process-messages.ts'

/**
 * Asks the primary process for each write to the standard output that workers share: what is longer than PIPE_BUF would
 * be mixed with what others write (pipe(7)).
 */
export function exclusiveByTurns(): Exclusive {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const result = last.then(async () => {
      const torn = await turn()
      try {
        return await act(torn)
      } finally {
        tell({ type: 'turn-over' })
      }
    })
    last = result.catch(() => {})
    return result
  }
}

/** Where the primary process is gone the others are about to end, too. */
function turn(): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (torn: boolean) => {
      process.off('message', onMessage)
      process.off('disconnect', onDisconnect)
      resolve(torn)
    }
    const onMessage = (message: ToWorker) => {
      if (message.type === 'turn') settle(message.torn)
    }
    const onDisconnect = () => settle(false)
    process.on('message', onMessage)
    process.on('disconnect', onDisconnect)
    if (process.connected) tell({ type: 'turn-wanted' })
    else settle(false)
  })
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

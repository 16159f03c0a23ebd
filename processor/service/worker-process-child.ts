import type { Worker as ClusterWorker } from 'node:cluster'
import { FieldsealError } from '../errors.ts'
import type { Turns, Writer } from './turns.ts'
import type { WorkerStatus } from './worker.ts'
import type { FromWorker, ToWorker } from './worker-process-messages.ts'

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
}

/** A worker process as the primary process sees it. */
export class WorkerChild implements Writer {
  readonly #child: ClusterWorker
  /** Resolves once it takes batches. Rejects with its FieldsealError. */
  readonly started: Promise<void>
  /** Resolves once it has nothing to do any more, and waits to be stopped. */
  readonly finished: Promise<FieldsealError | undefined>
  /** Never rejects. */
  readonly ended: Promise<Ending>
  readonly #questions = new Map<number, (value: unknown) => void>()
  #lastId = 0

  constructor(child: ClusterWorker, turns: Turns<WorkerChild>) {
    this.#child = child
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.started = promise
    // Whoever asks later still sees it; that nobody asks is no fault.
    promise.catch(() => {})
    const finished = Promise.withResolvers<FieldsealError | undefined>()
    this.finished = finished.promise
    this.ended = new Promise((ended) => {
      child.once('exit', (code, signal) => {
        reject(new FieldsealError('FIELDSEAL_INTERNAL', 'a worker process ended before it had started'))
        turns.ended(this)
        for (const answer of this.#questions.values()) answer(undefined)
        this.#questions.clear()
        ended({ code, signal })
      })
    })
    // A message to a process that has just ended; its end is reported by itself.
    child.on('error', () => {})
    child.on('message', (message: FromWorker) => {
      if (message.type === 'started') resolve()
      else if (message.type === 'failed') reject(new FieldsealError(message.code, message.message))
      else if (message.type === 'turn-wanted') turns.wanted(this)
      else if (message.type === 'turn-over') turns.over(this)
      else if (message.type === 'ended') {
        const { code, message: text = '' } = message
        finished.resolve(code === undefined ? undefined : new FieldsealError(code, text))
      } else this.#questions.get(message.id)?.(message.value)
    })
  }

  /** @returns undefined where the process ended before it had answered. */
  reload(): Promise<boolean | undefined> {
    return this.#ask<boolean>((id) => ({ type: 'reload', id }))
  }

  /** @returns undefined where it does not answer in time, or has ended. */
  status(withinMs: number): Promise<WorkerStatus | undefined> {
    return this.#ask<WorkerStatus>((id) => ({ type: 'status', id }), withinMs)
  }

  /** @returns undefined where it does not answer in time, or has ended. */
  metrics(withinMs: number): Promise<string | undefined> {
    return this.#ask<string>((id) => ({ type: 'metrics', id }), withinMs)
  }

  /** Lets it finish what is under way. */
  stop(): void {
    this.#send({ type: 'stop' })
  }

  yourTurn(torn: boolean): void {
    this.#send({ type: 'turn', torn })
  }

  kill(): void {
    this.#child.process.kill('SIGKILL')
  }

  #ask<T>(question: (id: number) => ToWorker, withinMs?: number): Promise<T | undefined> {
    if (this.#child.isDead() || !this.#child.isConnected()) return Promise.resolve(undefined)
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve) => {
      const late = withinMs === undefined ? undefined : setTimeout(() => answer(undefined), withinMs)
      const answer = (value: unknown): void => {
        clearTimeout(late)
        this.#questions.delete(id)
        resolve(value as T | undefined)
      }
      this.#questions.set(id, answer)
      this.#send(question(id))
    })
  }

  #send(message: ToWorker): void {
    if (this.#child.isConnected()) this.#child.send(message, () => {})
  }
}

import type { ErrorCode, FieldsealError } from '../../errors.ts'
import type { Log, LogEvent, LogFields } from '../../telemetry/log.ts'

/** Events of one kind that are logged one by one within this time; of others it is logged how many they were. */
const MOST_EVENTS = 20
const WINDOW_MS = 10_000

/** Messages by what became of them. */
export type ForwardCounts = {
  readonly accepted: number
  /** Not acknowledged: their clients keep them. */
  readonly refused: number
  /** Dropped, as no attempt could change anything. */
  readonly rejected: number
  /** Nobody has them: they wanted no acknowledgement, and were not accepted in time. */
  readonly lost: number
  /** Cut off before their end. */
  readonly incomplete: number
  /** Metrics, traces and others that are no logs: dropped, and acknowledged. */
  readonly otherSignals: number
  /** Connections that were closed for what came on them. */
  readonly clientsRefused: number
}

type Told = Extract<LogEvent, `message-${string}` | 'client-refused'>

interface Window {
  ends: number
  logged: number
  unlogged: number
}

/** Counts what became of messages, and logs what is not as it should be: codes and numbers, nothing of a message. */
export class Tally {
  readonly #source: string
  readonly #log: Log
  readonly #counts = {
    accepted: 0,
    refused: 0,
    rejected: 0,
    lost: 0,
    incomplete: 0,
    otherSignals: 0,
    clientsRefused: 0,
  }
  readonly #windows = new Map<Told, Window>()

  constructor(source: string, log: Log) {
    this.#source = source
    this.#log = log
  }

  get counts(): ForwardCounts {
    return { ...this.#counts }
  }

  accepted(messages: number): void {
    this.#counts.accepted += messages
  }

  otherSignal(): void {
    this.#counts.otherSignals += 1
  }

  refused(messages: number, error: FieldsealError): void {
    this.#counts.refused += messages
    this.#tell('message-refused', 'is not acknowledged, and its client keeps it', messages, error)
  }

  rejected(error: FieldsealError): void {
    this.#counts.rejected += 1
    this.#tell('message-rejected', 'is dropped, and will not come again', 1, error)
  }

  lost(messages: number, error: FieldsealError): void {
    this.#counts.lost += messages
    this.#tell('message-lost', 'is lost, as nobody else has it', messages, error)
  }

  incomplete(): void {
    this.#counts.incomplete += 1
  }

  clientRefused(error: FieldsealError): void {
    this.#counts.clientsRefused += 1
    const { code, hint } = error
    this.#write('client-refused', `a client is sent away: ${error.message}`, { code, hint }, 1)
  }

  #tell(event: Told, outcome: string, messages: number, { code, message }: FieldsealError): void {
    this.#write(event, `a message ${outcome}: ${message}`, { code, messages }, messages)
  }

  #write(event: Told, message: string, fields: LogFields & { readonly code: ErrorCode }, weight: number): void {
    const now = performance.now()
    let window = this.#windows.get(event)
    if (window === undefined || now >= window.ends) {
      if (window !== undefined) this.#tellRest(event, window)
      window = { ends: now + WINDOW_MS, logged: 0, unlogged: 0 }
      this.#windows.set(event, window)
    }
    if (window.logged >= MOST_EVENTS) {
      window.unlogged += weight
      return
    }
    window.logged += 1
    this.#log(event, message, { source: this.#source, ...fields })
  }

  /** Logs how many there were that were not logged. */
  tellRest(): void {
    for (const [event, window] of this.#windows) this.#tellRest(event, window)
  }

  #tellRest(event: Told, window: Window): void {
    if (window.unlogged === 0) return
    this.#log(event, 'more of the same', { source: this.#source, count: window.unlogged })
    window.unlogged = 0
  }
}

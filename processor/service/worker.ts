import type { FieldsealError } from '../errors.ts'
import type { SinkStatus } from '../sinks/sink.ts'
import type { SourceCounts } from '../sources/source.ts'

/** What one worker says of itself: numbers, codes and names from the configuration. Plain data, so that it can be sent. */
export interface WorkerStatus {
  readonly pid: number
  /** Takes batches: it has started, it does not drain, and sealing works. */
  readonly ready: boolean
  readonly draining: boolean
  /** The failure that makes it unready. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string }
  /** SHA-256 (hex) of the configuration that is in use. */
  readonly configuration: string
  readonly reloads: {
    readonly succeeded: number
    readonly failed: number
    /** Why the last reload failed, with each issue; absent where it succeeded. */
    readonly error?: { readonly code: string; readonly message: string }
  }
  /** Where each source listens, by its name. */
  readonly sources: Readonly<Record<string, string>>
  /** What each source that counts by itself has counted. */
  readonly sourceCounts: Readonly<Record<string, SourceCounts>>
  readonly sinks: Readonly<Record<string, SinkStatus>>
  readonly inFlight: { readonly bytes: number; readonly limit: number; readonly batches: number }
  readonly batches: { readonly accepted: number; readonly refused: number }
  /** Records that a backend did not want though it took their batch. */
  readonly records: { readonly rejected: number }
  readonly memory: { readonly rss: number }
}

/** Sources, engine and sinks of one process. `composeWorker` in processor/compose-service.ts makes it. */
export interface Worker {
  /** @throws FieldsealError; nothing listens then. */
  start(): Promise<void>
  /**
   * Reads the configuration again. Validated first; where anything is wrong the old one stays in use. Calls while one is
   * under way wait for one more run, together. Never rejects: whether it succeeded.
   */
  reload(): Promise<boolean>
  status(): WorkerStatus
  /** What it has measured, as Prometheus reads it; empty where that is not wanted. */
  metrics(): Promise<string>
  /**
   * Resolves once there is nothing to do any more: every source has come to its end, or a required sink has nobody left
   * to send to, which is an error. Absent, or never, where that cannot be.
   */
  readonly ended?: Promise<FieldsealError | undefined>
  /** Takes no new batch and finishes those under way, for at most `service.drain`; then ends what is left. */
  stop(): Promise<void>
  /** Ends at once. */
  kill(): Promise<void>
}

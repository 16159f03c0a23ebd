import type { NamedOpener } from '../../checks/sealed-batch.ts'
import type { Batch } from '../../workloads/batch.ts'
import type { Arrivals } from '../arrivals.ts'

export interface Answer {
  /** As HTTP numbers it: 200 accepted, 429 and 503 not now, all else a problem. */
  readonly status: number
  /** What the answer asks the client to wait; undefined where it says nothing. */
  readonly retryAfterSeconds: number | undefined
}

/** A connection with one request at a time. It connects when it is used, and again after it was closed. */
export interface Connection {
  /** @throws `Error` where the connection ends before the answer does. */
  exchange(parts: readonly Buffer[]): Promise<Answer>
  close(): void
}

/** A backend that counts what arrives. */
export interface Backend {
  readonly port: number
  readonly arrivals: Arrivals
  close(): void
}

/** What a service is spoken to, and speaks, in a cell. */
export interface Protocol {
  /** Settings of the service's source and sink. */
  source(port: number): object
  sink(port: number): object
  /** A batch as a client of this protocol sends it. */
  batch(batch: Batch): Batch
  /** The parts of a request: its own number is in it, by which the backend knows what arrived. */
  request(batch: Batch): (sequence: number) => readonly Buffer[]
  connect(port: number): Connection
  /** @param delayMs - time that it lets each request wait for its answer. */
  listen(delayMs: number): Promise<Backend>
  /** The number of a body that the backend kept; undefined where it has none. */
  sequenceOf(body: Buffer): number | undefined
  /** Looks into a body that arrived, against the batch that was sent. @returns the problems. */
  check(sent: Batch, body: Buffer, openers: readonly NamedOpener[]): Promise<string[]>
}

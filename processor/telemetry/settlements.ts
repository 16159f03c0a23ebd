import { type Recording, recorder } from './instruments.ts'

/** What became of one batch, as far as it is counted. */
export interface Settled {
  /** Of the error, where the batch was refused. */
  readonly code: string | undefined
  /** Undefined where nobody has counted them. */
  readonly records: number | undefined
  readonly bytes: number
  readonly seconds: number
}

/** Reports what becomes of the batches of one source: once for each batch. Never throws. */
export class SourceReport {
  readonly #accepted
  readonly #refused

  constructor(name: string) {
    this.#accepted = { 'fieldseal.source': name, 'fieldseal.settlement': 'accepted' } as const
    this.#refused = { 'fieldseal.source': name, 'fieldseal.settlement': 'refused' } as const
  }

  settled({ code, records, bytes, seconds }: Settled): void {
    const recording = recorder()
    if (recording === undefined) return
    const attributes = code === undefined ? this.#accepted : this.#refused
    recording.add('fieldseal.source.batches', 1, withCode(attributes, code))
    if (records !== undefined) recording.add('fieldseal.source.records', records, attributes)
    recording.add('fieldseal.source.input.size', bytes, attributes)
    recording.record('fieldseal.source.duration', seconds, attributes)
  }
}

/** Reports what becomes of the batches that one sink is given. */
export class SinkReport {
  readonly #name
  readonly #accepted
  readonly #refused

  constructor(name: string) {
    this.#name = { 'fieldseal.sink': name }
    this.#accepted = { 'fieldseal.sink': name, 'fieldseal.settlement': 'accepted' } as const
    this.#refused = { 'fieldseal.sink': name, 'fieldseal.settlement': 'refused' } as const
  }

  /** @param rejected - records that the backend did not want */
  settled({ code, records = 0, bytes, seconds }: Settled, rejected: number): void {
    const recording: Recording | undefined = recorder()
    if (recording === undefined) return
    const attributes = code === undefined ? this.#accepted : this.#refused
    recording.add('fieldseal.sink.batches', 1, withCode(attributes, code))
    recording.add('fieldseal.sink.records', records, attributes)
    recording.add('fieldseal.sink.output.size', bytes, attributes)
    recording.record('fieldseal.sink.duration', seconds, attributes)
    if (rejected > 0) recording.add('fieldseal.sink.rejected', rejected, this.#name)
  }
}

function withCode<A extends object>(attributes: A, code: string | undefined): A & { 'error.type'?: string } {
  return code === undefined ? attributes : { ...attributes, 'error.type': code }
}

import { Batch } from '../batch.ts'
import type { RecordWalk } from './walk.ts'

/** A batch over memory that one record after the other is written into. */
export class ObjectBatch extends Batch {
  #length = 0
  #gatheringWalk: RecordWalk | undefined

  /** Bytes of the record: there is more memory behind it. */
  override get length(): number {
    return this.#length
  }

  /** Another record of so many bytes has been written. */
  begin(length: number): void {
    this.renew()
    this.#length = length
  }

  /** What walks over each record first is made once. */
  walkOf(make: (batch: Batch) => RecordWalk): RecordWalk {
    if (this.hasRows) return make(this)
    this.#gatheringWalk ??= make(this)
    return this.#gatheringWalk
  }
}

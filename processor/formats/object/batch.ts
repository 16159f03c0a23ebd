import { Batch } from '../batch.ts'

/** A batch over memory that one record after the other is written into. */
export class ObjectBatch extends Batch {
  #length = 0
  #makeWalk: unknown
  #gatheringWalk: unknown

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
  override walkOf<Walk>(make: (batch: Batch) => Walk): Walk {
    if (this.hasRows) return make(this)
    if (this.#makeWalk !== make) {
      this.#makeWalk = make
      this.#gatheringWalk = make(this)
    }
    return this.#gatheringWalk as Walk
  }
}

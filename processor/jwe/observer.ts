/** Who is told of the work of a sealer: numbers, nothing of a value. Its methods must not throw. */
export interface SealObserver {
  /** All values of one call are sealed. */
  sealed(milliseconds: number): void
  /** Key agreements with all recipients of a list, of one call. */
  epochsBegun(count: number): void
  /** @param wraps - content keys that were encrypted in it. Nobody is told of epochs that are made for one value. */
  epochEnded(wraps: number): void
}

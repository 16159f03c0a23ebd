const LONGEST_KEPT = 64 * 1024
/** Of one object: as it was read and as it was sealed, by two engines. */
const MOST_KEPT = 4

interface Known<T> {
  readonly bytes: Buffer
  readonly beside: string
  readonly value: T
}

/**
 * Gives equal values the same identity: exporters group records by the identity of their resource and scope.
 *
 * What is given is known by its bytes, as they leave, so that it cannot be anything else than what was looked through.
 */
export class SameValues<T extends object> {
  /** By the object that the values are made from: the last of them, in turn. */
  readonly #known = new WeakMap<object, Known<T>[]>()

  /**
   * @param bytes - all that there is in the value, but for what `beside` says.
   * @returns the value that had these bytes before, or `value`.
   */
  of(source: unknown, bytes: Buffer, beside: string, value: T): T {
    if (typeof source !== 'object' || source === null) return value
    let known = this.#known.get(source)
    if (known === undefined) {
      known = []
      this.#known.set(source, known)
    }
    for (const one of known) if (one.beside === beside && one.bytes.equals(bytes)) return one.value
    if (bytes.length > LONGEST_KEPT) return value
    if (known.length === MOST_KEPT) known.shift()
    known.push({ bytes: Buffer.from(bytes), beside, value })
    return value
  }
}

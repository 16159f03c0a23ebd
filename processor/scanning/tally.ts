/** Rows that are counted one by one; what is found at further paths is counted together, by detector. */
const MOST_ROWS = 2000
export const OTHER_PATHS = 'other paths'

/** How often one detector found something at one path. */
export interface TallyRow {
  readonly detector: string
  /** Keys in which something was found as `*`. */
  readonly path: string
  count: number
  /** What was found first, masked. */
  readonly example: string
}

/** Numbers of a tally that are no rows. */
export interface TallyTotals {
  records: number
  /** Of what was scanned, after decompression. */
  bytes: number
  /** Lines that are not of the format, and were scanned as texts. */
  texts: number
  /** Lines over `limits.record`, scanned in pieces. */
  inPieces: number
}

/** What was found, as counts: the same memory for a file of any size. */
export class Tally implements TallyTotals {
  records = 0
  bytes = 0
  texts = 0
  inPieces = 0
  findings = 0
  readonly #rows = new Map<string, TallyRow>()

  get rows(): readonly TallyRow[] {
    return [...this.#rows.values()]
  }

  /** @param example - gives the masked text, where it is the first. */
  add(detector: string, path: string, example: () => string, count = 1): void {
    this.findings += count
    const key = `${detector}\0${path}`
    const row = this.#rows.get(key)
    if (row !== undefined) row.count += count
    else if (this.#rows.size < MOST_ROWS || path === OTHER_PATHS)
      this.#rows.set(key, { detector, path, count, example: example() })
    else this.#addOther(detector, example, count)
  }

  #addOther(detector: string, example: () => string, count: number): void {
    this.findings -= count
    this.add(detector, OTHER_PATHS, example, count)
  }

  merge(other: Tally): void {
    this.records += other.records
    this.bytes += other.bytes
    this.texts += other.texts
    this.inPieces += other.inPieces
    for (const { detector, path, count, example } of other.rows) this.add(detector, path, () => example, count)
  }

  /** By detector. */
  get byDetector(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { detector, count } of this.#rows.values()) counts.set(detector, (counts.get(detector) ?? 0) + count)
    return counts
  }
}

import { isCleanPath, isCleanService } from '../../../detectors/clean-names.ts'
import type { Detector } from '../../../detectors/detector.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { type PathPattern, parsePath } from '../../../rules/path.ts'
import { FieldsealError } from '../../errors.ts'
import { LeakNames } from '../../telemetry/leak-names.ts'
import { type Holder, UnreadableError } from './content.ts'
import { FirstLook } from './first-look.ts'
import { readForward } from './forward.ts'
import { HolderScan, type Looking } from './holder-scan.ts'
import { Keys } from './keys.ts'
import { readJsonLines, readText } from './lines.ts'
import { readOtlpJson } from './otlp-json.ts'
import { readOtlpProtobuf } from './otlp-protobuf.ts'
import { ProtobufRecordLook } from './protobuf-record-look.ts'
import { DEFAULT_BODY_KEYS } from './record-members.ts'
import { type LeakReport, Tally } from './report.ts'
import { WhatRemains } from './what-remains.ts'

/** The formats, by the names that they have everywhere. */
export type ScannedFormat = 'otlp-protobuf' | 'otlp-json' | 'json-lines' | 'text' | 'forward'

export interface IndependentScanOptions {
  readonly detectors: readonly Detector[]
  /** Paths that are not looked at, as in rules. */
  readonly ignore: readonly string[]
  /** Key ids whose sealed values pass. */
  readonly knownKids: ReadonlySet<string>
  /** Most bytes of a value that was sealed. */
  readonly maxValueBytes: number
  /** Members that are the body of a record without a schema, the first that is there. */
  readonly bodyKeys?: readonly string[]
}

export interface IndependentReading {
  /** `json`: bodies that are JSON in a text are looked at as that JSON. */
  readonly parse?: 'json' | undefined
}

/**
 * Looks at what goes out as a stranger would who knows the format and the detectors: it decodes the whole batch, and
 * matches value by value. It shares no walk, no gathering, no tree of paths and no plan with what has sealed the batch, so
 * that a mistake in those is seen here.
 *
 * One serves one thread, for any number of batches.
 */
export class IndependentScan {
  readonly #looking: Looking
  readonly #recordLook: ProtobufRecordLook
  readonly #bodyKeys: readonly string[]

  /** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` for a path that is none. */
  constructor({ detectors, ignore, knownKids, maxValueBytes, bodyKeys = DEFAULT_BODY_KEYS }: IndependentScanOptions) {
    const set = new DetectorSet(detectors)
    const remains = new WhatRemains(set, knownKids, maxValueBytes)
    const keys = new Keys(set, remains)
    const firstLook = new FirstLook(set, keys)
    const names = new LeakNames(
      // One that was sealed, hashed or masked names no service that anybody could look for.
      (service) => !remains.isTaken(Buffer.from(service)) && isCleanService(service, set),
      (path) => isCleanPath(path, set),
    )
    this.#looking = { set, remains, keys, names, firstLook, ignore: ignore.map(patternOf) }
    this.#recordLook = new ProtobufRecordLook(set, keys)
    this.#bodyKeys = bodyKeys
  }

  /** Never throws for what the bytes are: what cannot be read is said in the report. */
  scan(bytes: Buffer, format: ScannedFormat, reading: IndependentReading = {}): LeakReport {
    const steps = this.steps(bytes, format, reading)
    for (;;) {
      const { done, value } = steps.next()
      if (done === true) return value
    }
  }

  /**
   * The same, record by record: a batch takes so long that others should have their turn meanwhile. Several may be under
   * way at once. The bytes must stay as they are.
   */
  *steps(bytes: Buffer, format: ScannedFormat, { parse }: IndependentReading = {}): Generator<void, LeakReport, void> {
    const tally = new Tally()
    const parsesBodies = parse === 'json'
    const holders = new HolderScan(this.#looking, tally, parsesBodies)
    try {
      for (const holder of this.#read(bytes, format, parsesBodies)) {
        holders.take(holder)
        yield
      }
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      tally.unreadable = true
    }
    return tally
  }

  #read(bytes: Buffer, format: ScannedFormat, parsesBodies: boolean): Iterable<Holder> {
    switch (format) {
      case 'otlp-protobuf':
        // JSON in a body may hide in escapes what it says.
        return readOtlpProtobuf(bytes, parsesBodies ? undefined : this.#recordLook)
      case 'otlp-json':
        return readOtlpJson(bytes)
      case 'json-lines':
        return readJsonLines(bytes, this.#bodyKeys, (text) => this.#looking.remains.sealedId(text) !== undefined)
      case 'forward':
        return readForward(bytes, this.#bodyKeys)
      case 'text':
        return readText(bytes)
    }
  }
}

function patternOf(source: string): PathPattern {
  const pattern = parsePath(source)
  if (typeof pattern === 'string') throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `ignore: ${pattern}`)
  return pattern
}

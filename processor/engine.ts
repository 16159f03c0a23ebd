import { KeyObject } from 'node:crypto'
import { compileRules } from '../rules/compile.ts'
import { type LeakAction, leakScanOf, leakScanProblems } from '../rules/leak-scan.ts'
import { compileDetectors } from '../rules/own-detectors.ts'
import type { Plan } from '../rules/plan.ts'
import { type OwnDetectorInput, type RuleFile, type RuleInput, ruleFileSchema } from '../rules/schema/index.ts'
import type { ExplainOptions } from './engine/explain.ts'
import { LineSealer, type SealedLine } from './engine/seal-lines.ts'
import { ObjectSealer, type SealedObject } from './engine/seal-objects.ts'
import {
  type ExplainedBatch,
  type ReadOptions,
  RecordSealer,
  type SealedBatch,
  type SealSettings,
} from './engine/seal-records.ts'
import { FieldsealError } from './errors.ts'
import { FORMATS, type FormatName } from './formats/index.ts'
import { type LogRecordInput, type LogRecordOutput, logRecord } from './formats/object/log-record.ts'
import { type Beside, type BesideRead, loggerRecord } from './formats/object/logger-record.ts'
import { type Recipient, recipientFromJwk } from './jwe/recipients.ts'
import { requirePatternEngine } from './pattern-engine.ts'
import { measureSealing } from './telemetry/sealing.ts'

/** A public key: a JWK, or a recipient that was read before. */
export type RecipientInput = Recipient | Readonly<Record<string, unknown>>

/** What an engine is made from. All of it is checked; nothing is read from files. */
export interface EngineConfig {
  /** Public keys that values can be sealed for, by name. */
  readonly recipients?: Readonly<Record<string, RecipientInput>>
  /** Names of recipients, by the group's name. */
  readonly groups?: Readonly<Record<string, readonly string[]>>
  /** Keys for `hash`, by name: at least 32 bytes each. */
  readonly hashKeys?: Readonly<Record<string, Uint8Array>>
  /** Rules as in a rule file. */
  readonly rules: readonly RuleInput[]
  /** Detectors of your own, as in a rule file. */
  readonly detectors?: readonly OwnDetectorInput[]
  /** The scan for what no rule has acted on; off by default. */
  readonly leakScan?: {
    readonly inline: LeakAction
    /** Names. Default: all that count without being named in a rule. */
    readonly detectors?: readonly string[]
    /** Paths that are not looked at. */
    readonly ignore?: readonly string[]
  }
  readonly settings?: Partial<Omit<SealSettings, 'limits'>> & { readonly limits?: Partial<SealSettings['limits']> }
}

export const DEFAULT_SETTINGS: SealSettings = {
  bodyKeys: ['msg', 'message', 'log'],
  acceptSealed: [],
  layout: 'value',
  strict: false,
  epochMaxAgeMs: 60_000,
  epochMaxWraps: 2 ** 20,
  limits: { value: 1 << 20, record: 4 << 20, batch: 64 << 20, depth: 64, paths: 10_000 },
}

/** Finds and seals. One engine serves one thread; it may be used for any number of batches of any format. */
export interface Engine {
  /**
   * Seals one batch: lines for `json-lines` and `text`, one request for `otlp-json` and `otlp-protobuf`, one
   * uncompressed message for `forward`.
   *
   * @returns the same buffer where no rule applies.
   * @throws FieldsealError; nothing of the batch may be passed on then.
   */
  seal(bytes: Uint8Array, format: FormatName, options?: ReadOptions): SealedBatch
  /**
   * Sees that what sealing needs works: matches a text, and seals a probe for all that the rules seal for.
   *
   * @throws FieldsealError as `seal` does.
   */
  check(): void
  /** Drops the keys of the running epochs. The engine can go on: it agrees on new ones. */
  close(): void
}

/** A record of a logger that was sealed. */
export interface SealedLoggerRecord extends SealedObject<Record<string, unknown>> {
  /** What was handed over beside it; undefined where nothing was. */
  readonly beside: BesideRead | undefined
}

/** An engine that also takes records that are values in the program, as its loggers have them. */
export interface ObjectEngine extends Engine {
  /**
   * Seals one record of a logger that is an object in the program: its keys are those of a JSON line.
   *
   * The object is not altered, and each of its getters is asked once. What is returned was looked through, all of it:
   * nothing is read from the object again.
   *
   * @param beside - values that are passed on together with the record, to be sealed as parts of it.
   * @throws FieldsealError; nothing of the record may be passed on then.
   */
  sealObject(record: object, beside?: Beside): SealedLoggerRecord
  /**
   * Seals one log record of the OpenTelemetry SDK, which has the paths that it has in OTLP. As `sealObject` otherwise.
   *
   * @throws FieldsealError; nothing of the record may be passed on then.
   */
  sealLogRecord(record: LogRecordInput): SealedObject<LogRecordOutput>
  /**
   * Seals one line of JSON that is a text in the program, as `seal` does in `json-lines`, and for less.
   *
   * @throws FieldsealError; nothing of the line may be passed on then.
   */
  sealLine(line: string): SealedLine
}

/** An engine that can also say why, for people who write rules. */
export interface ExplainingEngine extends ObjectEngine {
  /**
   * Seals one batch, and says what was found in it and why that was acted on or not.
   *
   * What it says holds values in the clear.
   *
   * @throws FieldsealError as `seal` does.
   */
  explain(bytes: Uint8Array, format: FormatName, options?: ExplainOptions): ExplainedBatch
}

/** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`, `FIELDSEAL_RECIPIENT_INVALID` */
export function createEngine(config: EngineConfig): ExplainingEngine {
  const recipients = new Map(
    Object.entries(config.recipients ?? {}).map(([name, key]) => [
      name,
      isRecipient(key) ? key : recipientFromJwk(key),
    ]),
  )
  const settings: SealSettings = {
    ...DEFAULT_SETTINGS,
    ...config.settings,
    limits: { ...DEFAULT_SETTINGS.limits, ...config.settings?.limits },
  }
  checkLimits(settings.limits)
  return engineOf(planOf(config), recipients, new Map(Object.entries(config.groups ?? {})), settings)
}

/** Places in a batch are signed numbers of 32 bits: behind the last of them nothing would be found. */
const MOST_BATCH_BYTES = 2 ** 31 - 1

/** Maps and arrays are walked by calls within calls, some ten for each level of OTLP's JSON: more would fill the stack. */
const MOST_DEPTH = 200

/** A limit that is no number would limit nothing. */
function checkLimits(limits: SealSettings['limits']): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `limits.${name}: a limit is a whole number from 1 on`)
  }
  if (limits.batch > MOST_BATCH_BYTES)
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `limits.batch is at most ${MOST_BATCH_BYTES} bytes`)
  if (limits.depth > MOST_DEPTH)
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `limits.depth is at most ${MOST_DEPTH}`)
}

/**
 * An engine over what was compiled elsewhere: the one place where engines are made, and their batches measured.
 *
 * @param recipients - by name.
 * @param groups - names of recipients, by the group's name.
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where a rule names a recipient that is not there.
 */
export function engineOf(
  plan: Plan,
  recipients: ReadonlyMap<string, Recipient>,
  groups: ReadonlyMap<string, readonly string[]>,
  settings: SealSettings,
): ExplainingEngine {
  const sealer = new RecordSealer(plan, recipients, groups, settings)
  const actions = new Map(plan.rules.map(({ id, action }) => [id, action.name]))
  const objects = new ObjectSealer(sealer, settings.limits, actions)
  const lines = new LineSealer(sealer, actions)
  return {
    seal(bytes, formatName, options) {
      const buffer = asBuffer(bytes)
      const format = FORMATS[formatName]
      const batch = { format: format.name, bytes: buffer.length, actions }
      return measureSealing(batch, () => sealer.seal(buffer, format, options))
    },
    sealObject(record, beside) {
      const { record: read, edited, values, audited } = objects.seal(loggerRecord, { record, beside })
      return { record: read.record, beside: read.beside, edited, values, audited }
    },
    sealLogRecord(record) {
      const { record: read, edited, values, audited } = objects.seal(logRecord, record)
      return { record: read.output, edited, values, audited }
    },
    sealLine: (line) => lines.seal(line),
    explain: (bytes, formatName, options) => sealer.explain(asBuffer(bytes), FORMATS[formatName], options),
    check: () => sealer.check(),
    close: () => sealer.close(),
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isRecipient(key: RecipientInput): key is Recipient {
  return 'publicKey' in key && key.publicKey instanceof KeyObject
}

function planOf(config: EngineConfig): Plan {
  requirePatternEngine()
  for (const [name, key] of Object.entries(config.hashKeys ?? {})) {
    if (key.length < 32)
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `hashKeys.${name}: a key for hash has at least 32 bytes`)
  }
  const file = parseRules(config)
  const own = compileDetectors(file.detectors)
  const hashKeys = new Map(Object.entries(config.hashKeys ?? {}))
  const leakScan = config.leakScan && leakScanOf(config.leakScan, own.detectors)
  const scanProblems = config.leakScan === undefined ? [] : leakScanProblems(config.leakScan, own.detectors)
  const compiled = compileRules(file.rules, { hashKeys, detectors: own.detectors, leakScan })
  if ('plan' in compiled && own.issues.length === 0 && scanProblems.length === 0) return compiled.plan
  const list = [
    ...scanProblems.map(({ path, problem }) => `leakScan.${path.join('.')}: ${problem}`),
    ...own.issues.map(({ detector, path, problem }) => `detectors[${detector}].${path.join('.')}: ${problem}`),
    ...('issues' in compiled ? compiled.issues : []).map(
      ({ rule, path, problem }) => `rules[${rule}].${path.join('.')}: ${problem}`,
    ),
  ]
  throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', list.join('\n'))
}

function parseRules({ rules, detectors }: EngineConfig): RuleFile {
  const parsed = ruleFileSchema.safeParse({ rules, detectors })
  if (parsed.success) return parsed.data
  const list = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', list.join('\n'))
}

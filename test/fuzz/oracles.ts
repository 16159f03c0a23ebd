import { inspect, isDeepStrictEqual } from 'node:util'
import { DETECTORS } from '../../detectors/index.ts'
import { DetectorSet } from '../../detectors/set.ts'
import { ERRORS, FieldsealError, type FormatName, open } from '../../processor/index.ts'
import { recogniseSealed } from '../../processor/jwe/sealed-value.ts'
import { SEALED_LIST_KEY } from '../../rules/plan.ts'
import { mutateBytes } from './byte-mutations.ts'
import { decode, leaves, meaning } from './decode.ts'
import { ALL_DETECTORS, KNOWN_KIDS, type NamedEngine, PRIVATE_KEYS } from './engines.ts'
import { Random } from './random.ts'
import { mutateSealed } from './sealed-mutations.ts'
import { CANARY } from './texts.ts'

/** What went wrong, in words that may be shown; undefined where nothing did. */
export type Failure = string | undefined

/**
 * Runs `run` and lets coded errors pass, provided that they show nothing of the input.
 *
 * @returns undefined for a coded error.
 */
export function coded<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof FieldsealError)) throw error
    if (!Object.hasOwn(ERRORS, error.code) || error.code === 'FIELDSEAL_INTERNAL') throw error
    if (`${error.message}${inspect(error)}`.includes(CANARY)) throw new Error('an error shows a part of the input')
    return undefined
  }
}

const inUse = DETECTORS.filter(({ name }) => ALL_DETECTORS.includes(name))
const detectors = new DetectorSet(inUse)
/** What actions write; the texts beside must not hold anything. */
const WRITTEN = /\[sealed:[a-z0-9_.-]+:[\w-]{8}\/\d+\]|\[dropped:[a-z0-9_.-]+\]|hmac-sha256:[\w-]+:[\w-]{22}/g

/** How many detectors find something in what a parser sees of the batch, sealed values apart. */
function leaks(format: FormatName, decoded: unknown): string[] {
  return leaves(format, decoded).flatMap(({ text, key }) => {
    if (recogniseSealed(text, KNOWN_KIDS) !== undefined) return []
    return text
      .split(WRITTEN)
      .flatMap((part) => detectors.find(Buffer.from(part), () => true, key))
      .map((finding) => inUse[finding.detector]!.name)
  })
}

/** Everything that must hold for one input, whatever it is. */
export function check(format: FormatName, named: NamedEngine, input: Buffer, seed: number): Failure {
  const { engine } = named
  const comesBack = named.reversible && !(named.replacesEntries && format === 'otlp-protobuf')
  const sealed = coded(() => engine.seal(input, format))
  if (sealed === undefined) return undefined
  const output = sealed.bytes
  const again = coded(() => engine.seal(output, format))
  if (again === undefined) return 'what was sealed is refused by the same engine'
  if (!again.bytes.equals(output)) return 'sealing again changes what was sealed'

  const decodedInput = decode(format, input)
  if (decodedInput !== undefined) {
    const decoded = decode(format, output)
    if (decoded === undefined) return 'a parser that reads the input does not read the output'
    const found = leaks(format, decoded)
    if (found.length > 0) return `the output holds what ${found.join()} finds`
  }
  return (
    checkOpening(format, input, output, comesBack ? decodedInput : undefined) ??
    (decodedInput === undefined ? undefined : checkForged(format, output, seed))
  )
}

function checkOpening(format: FormatName, input: Buffer, output: Buffer, wanted: unknown): Failure {
  const opened = coded(() => open(output, format, { keys: PRIVATE_KEYS }))
  if (opened === undefined) return 'what was sealed cannot be opened'
  if (wanted === undefined) return undefined
  // What arrives under the name of the list of parts becomes an element of the list.
  if (opened.bytes.equals(input) || leaves(format, wanted).some(({ text }) => text === SEALED_LIST_KEY))
    return undefined
  const got = meaning(format, decode(format, opened.bytes))
  return isDeepStrictEqual(got, meaning(format, wanted)) ? undefined : 'opening gives something else back'
}

/**
 * Sealed output that somebody has changed, of an input that other parsers read: whatever opening makes of it, it makes a batch that can be read.
 */
function checkForged(format: FormatName, output: Buffer, seed: number): Failure {
  const random = new Random(seed)
  for (let round = 0; round < 3; round += 1) {
    const forged = random.oneIn(3) ? mutateBytes(random, output) : mutateSealed(random, output)
    const opened = coded(() => open(forged, format, { keys: PRIVATE_KEYS }))
    if (opened === undefined || decode(format, forged) === undefined) continue
    if (decode(format, opened.bytes) === undefined) return 'opening a forged value breaks the batch'
  }
  return undefined
}

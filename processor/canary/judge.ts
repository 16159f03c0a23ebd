import { Opener, type OpeningKey } from '../jwe/opener.ts'
import { type Arrived, type ArrivedJwe, jweOf } from './arrived.ts'
import type { Expected, ExpectedSeal } from './expected.ts'
import type { Fault } from './fault.ts'
import { holds, isInTheClear } from './in-the-clear.ts'

/** Values inside of values, as the opener goes. */
const DEEPEST = 8

/** A key with an opener of its own, so that each has to prove itself. */
export interface CanaryKey {
  readonly kid: string
  readonly opener: Opener
}

export function canaryKey(key: OpeningKey, maxValueBytes: number): CanaryKey {
  return { kid: key.kid, opener: new Opener([key], { maxValueBytes }) }
}

/** What one canary key makes of one record: all that it opened, and the JWEs for it that it could not open. */
interface Reading {
  readonly opened: readonly { readonly jwe: ArrivedJwe; readonly text: string }[]
  readonly failed: number
}

/**
 * What is wrong with a record that has arrived, after what the configuration says of it.
 *
 * @param nameOf - the recipient's name, for its kid.
 */
export function judge(
  expected: Expected,
  arrived: Arrived,
  keys: readonly CanaryKey[],
  nameOf: (kid: string) => string,
): Fault[] {
  const canary = expected.planted.name
  const faults: Fault[] = []
  if (expected.hidden.some((text) => isInTheClear(text, arrived))) faults.push({ code: 'bypassed', canary })
  // What is in the clear is sealed for nobody: one fault says it.
  if (faults.length > 0) return faults
  const readings = new Map(keys.map(({ kid, opener }) => [kid, readWith(opener, kid, arrived)]))
  for (const seal of expected.seals) {
    for (const { code, kid } of judgeSeal(seal, arrived, readings))
      faults.push({ code, canary, recipient: nameOf(kid), detail: `at ${seal.path}, by rule ${seal.rule}` })
  }
  return faults
}

function judgeSeal(
  { text, kids }: ExpectedSeal,
  arrived: Arrived,
  readings: ReadonlyMap<string, Reading>,
): { code: Fault['code']; kid: string }[] {
  const carriers = [...readings.values()].flatMap(({ opened }) => opened.filter((one) => holds(one.text, text)))
  const found: { code: Fault['code']; kid: string }[] = []
  for (const kid of kids) {
    const reading = readings.get(kid)
    const isListed = carriers.length > 0 ? carriers.some(({ jwe }) => jwe.kids.has(kid)) : lists(arrived, kid)
    if (reading?.opened.some((one) => holds(one.text, text))) continue
    if (!isListed) found.push({ code: 'recipient-missing', kid })
    else if (reading !== undefined) found.push({ code: reading.failed > 0 ? 'wrong-key' : 'recipient-missing', kid })
  }
  const more = new Set(carriers.flatMap(({ jwe }) => [...jwe.kids]))
  for (const kid of more) if (!kids.includes(kid)) found.push({ code: 'recipient-unexpected', kid })
  return found
}

function lists({ jwes }: Arrived, kid: string): boolean {
  return jwes.some(({ kids }) => kids.has(kid))
}

function readWith(opener: Opener, kid: string, { jwes }: Arrived): Reading {
  const opened: { jwe: ArrivedJwe; text: string }[] = []
  let failed = 0
  const open = (jwe: ArrivedJwe, depth: number): void => {
    if (!jwe.kids.has(kid) || depth > DEEPEST) return
    let text: string
    try {
      text = opener.open(jwe.jwe).plaintext.toString()
    } catch {
      failed += 1
      return
    }
    opened.push({ jwe, text })
    for (const inner of innerJwes(text)) open(inner, depth + 1)
  }
  for (const jwe of jwes) open(jwe, 0)
  return { opened, failed }
}

/** What was sealed may hold what an earlier rule has sealed. */
function innerJwes(text: string): ArrivedJwe[] {
  const whole = jweOf(text)
  if (whole !== undefined) return [whole]
  try {
    const found: ArrivedJwe[] = []
    JSON.parse(text, (_key, value) => {
      const jwe = typeof value === 'string' ? jweOf(value) : undefined
      if (jwe !== undefined) found.push(jwe)
      return value
    })
    return found
  } catch {
    return []
  }
}

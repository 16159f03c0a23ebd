import type { ContentType, HeaderTemplate } from '../jwe/envelope.ts'
import { type RecognisedValue, recogniseSealed } from '../jwe/sealed-value.ts'
import { type Claim, precedes } from './claims.ts'
import type { Results } from './results.ts'

/** What decisions need to know of the configuration. */
export interface Policy {
  readonly layout: 'value' | 'record'
  header(cty: ContentType, path: string): HeaderTemplate
  /** Key ids whose sealed values pass. */
  readonly knownKids: ReadonlySet<string>
  readonly maxValueBytes: number
  /** What earlier stages have left in texts. */
  readonly results: Results
}

/** Whether a claim is carried out inside of a value that another claim takes whole. */
export function staysInside(inner: Claim, outer: Claim): boolean {
  if (!precedes(inner, outer)) return false
  const bothSeal = inner.rule.action.deferred && outer.rule.action.deferred
  return !bothSeal || inner.to !== outer.to
}

/** What a text says of itself if it is a sealed value that passes; undefined for any other text. */
export function sealedIn(content: Buffer, policy: Policy): RecognisedValue | undefined {
  const first = content[0]
  // Only what begins like a sealed value is looked at: `{` or `e`.
  if (first !== 0x7b && first !== 0x65) return undefined
  return recogniseSealed(content.toString('latin1'), policy.knownKids, policy.maxValueBytes)
}

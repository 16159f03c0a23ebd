import { awsAccessKeyId } from './aws-access-key-id.ts'
import type { Detector } from './detector.ts'
import { email } from './email.ts'
import { iban } from './iban.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { jwt } from './jwt.ts'
import { paymentCard } from './payment-card.ts'
import { phoneE164 } from './phone-e164.ts'
import { privateKey } from './private-key.ts'
import { urlCredentials } from './url-credentials.ts'
import { usSsn } from './us-ssn.ts'

/** The catalogue. The order is that of the reference page and of reports. */
export const DETECTORS: readonly Detector[] = [
  email,
  phoneE164,
  paymentCard,
  iban,
  usSsn,
  ipv4,
  ipv6,
  jwt,
  privateKey,
  awsAccessKeyId,
  urlCredentials,
]

const BY_NAME: ReadonlyMap<string, Detector> = new Map(DETECTORS.map((detector) => [detector.name, detector]))

export function detectorByName(name: string): Detector | undefined {
  return BY_NAME.get(name)
}

import type { Detector } from '../detector.ts'
import { email } from './email.ts'
import { phoneE164 } from './phone-e164.ts'
import { phoneNational } from './phone-national.ts'
import { postalAddress } from './postal-address.ts'
import { dePostalCode, ukPostcode, usZipCode } from './postal-code.ts'
import { socialHandle } from './social-handle.ts'

export const CONTACT: readonly Detector[] = [
  email,
  phoneE164,
  phoneNational,
  postalAddress,
  ukPostcode,
  dePostalCode,
  usZipCode,
  socialHandle,
]

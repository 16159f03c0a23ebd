import type { Detector } from '../detector.ts'
import { email } from './email.ts'
import { phoneE164 } from './phone-e164.ts'

export const CONTACT: readonly Detector[] = [email, phoneE164]

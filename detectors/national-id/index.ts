import type { Detector } from '../detector.ts'
import { EUROPE } from './europe.ts'
import { usSsn } from './us-ssn.ts'

export const NATIONAL_ID: readonly Detector[] = [usSsn, ...EUROPE]

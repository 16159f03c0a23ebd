import type { Detector } from '../detector.ts'
import { AFRICA_ASIA_PACIFIC } from './africa-asia-pacific.ts'
import { AMERICAS } from './americas.ts'
import { EUROPE } from './europe.ts'
import { usSsn } from './us-ssn.ts'

export const NATIONAL_ID: readonly Detector[] = [usSsn, ...AMERICAS, ...EUROPE, ...AFRICA_ASIA_PACIFIC]

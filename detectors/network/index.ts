import type { Detector } from '../detector.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'

export const NETWORK: readonly Detector[] = [ipv4, ipv6]

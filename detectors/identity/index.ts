import type { Detector } from '../detector.ts'

export const IDENTITY: readonly Detector[] = []

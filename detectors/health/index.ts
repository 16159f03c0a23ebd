import type { Detector } from '../detector.ts'

export const HEALTH: readonly Detector[] = []

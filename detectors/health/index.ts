import type { Detector } from '../detector.ts'
import { auMedicare } from './australia.ts'
import { deBsnr, deKvnr, deLanr } from './germany.ts'
import { medicalInformation } from './medical-terms.ts'
import { ukNhs } from './united-kingdom.ts'
import { usDea, usMbi, usMbiCompact, usNpi } from './united-states.ts'

export const HEALTH: readonly Detector[] = [
  ukNhs,
  usNpi,
  usDea,
  usMbi,
  usMbiCompact,
  auMedicare,
  deKvnr,
  deLanr,
  deBsnr,
  medicalInformation,
]

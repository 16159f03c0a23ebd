import type { Detector } from '../detector.ts'
import { iban } from './iban.ts'
import { paymentCard } from './payment-card.ts'

export const FINANCIAL: readonly Detector[] = [paymentCard, iban]

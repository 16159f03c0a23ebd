import type { Detector } from '../detector.ts'
import { mxClabe, noBankAccount, nzBankAccount, ukSortCode } from './bank-accounts.ts'
import { bic } from './bic.ts'
import { bitcoinAddress } from './bitcoin.ts'
import { cardExpiry, cardVerificationCode, pin } from './card-secrets.ts'
import { cardTrack } from './card-track.ts'
import { ethereumAddress, ethereumAddressPlain } from './ethereum.ts'
import { iban } from './iban.ts'
import { moneroAddress } from './monero.ts'
import { paymentCard } from './payment-card.ts'
import { cusip, isin } from './securities.ts'
import { abaRouting, usBankAccount } from './us-bank.ts'
import { vatNumber } from './vat-number.ts'

export const FINANCIAL: readonly Detector[] = [
  paymentCard,
  cardTrack,
  cardVerificationCode,
  cardExpiry,
  pin,
  iban,
  bic,
  abaRouting,
  usBankAccount,
  mxClabe,
  nzBankAccount,
  noBankAccount,
  ukSortCode,
  bitcoinAddress,
  ethereumAddress,
  ethereumAddressPlain,
  moneroAddress,
  isin,
  cusip,
  vatNumber,
]

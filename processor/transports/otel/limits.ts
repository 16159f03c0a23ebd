import type { LogRecordLimits } from '@opentelemetry/sdk-logs'
import { FieldsealError } from '../../errors.ts'

/**
 * Refuses limits by which the SDK cuts attributes short before anybody can seal them: of a card number the first digits
 * would be left, in which no detector sees a card.
 *
 * A limit on the number of attributes leaves whole ones out, and is none of our business.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`
 */
export function checkLimits(limits: LogRecordLimits | undefined): void {
  const length = limits?.attributeValueLengthLimit
  // Both lines of the SDK take a limit of 0 and less for none.
  if (typeof length !== 'number' || !(length > 0) || length === Number.POSITIVE_INFINITY) return
  throw new FieldsealError(
    'FIELDSEAL_CONFIG_INVALID',
    'logRecordLimits.attributeValueLengthLimit of the LoggerProvider cuts values before they are sealed, so that what is left of them is not found: leave it out, and limit lengths behind Fieldseal',
  )
}

/**
 * The limits that a record of the SDK was made with: there is no public way to them, both lines have them here.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`
 */
export function checkLimitsOf(record: object): void {
  checkLimits((record as { readonly _logRecordLimits?: LogRecordLimits })._logRecordLimits)
}

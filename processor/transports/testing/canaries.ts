/**
 * Values that stand for personal data and secrets, by name of the detector that finds them. All of them are made up, or
 * given out for tests.
 */
export const CANARIES: Readonly<Record<string, string>> = {
  email: 'canary.fieldseal@example.com',
  payment_card: '4111111111111111',
  iban: 'GB82WEST12345698765432',
  phone_e164: '+442079460958',
  aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE',
}

import { followsEscape, isAlphanumeric } from '../boundary.ts'
import type { Detector } from '../detector.ts'

export const awsAccessKeyId: Detector = {
  name: 'aws_access_key_id',
  title: 'AWS access key id',
  group: 'credential',
  activation: 'always',
  finds:
    'Identifiers of access keys of Amazon Web Services: AKIA (long-term), ASIA (temporary), ABIA and ACCA, and sixteen characters of base32, standing alone. The one of the AWS documentation counts too.',
  misses: 'The secret access key that belongs to it, and identifiers of users and roles (AIDA, AROA).',
  patterns: ['(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}'],
  lowEntropy: false,
  examples: ['aws_access_key_id = AKIAIOSFODNN7EXAMPLE'],
  confirm(text, { start, end }) {
    if (end - start !== 20 || isAlphanumeric(text, end)) return undefined
    if (isAlphanumeric(text, start - 1) && !followsEscape(text, start)) return undefined
    return { start, end }
  },
  normalise: (match) => match,
}

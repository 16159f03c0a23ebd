import { afterEscape, followsEscape, MAYBE_ESCAPE } from '../boundary.ts'
import { entropy } from '../checksum/entropy.ts'
import type { Detector } from '../detector.ts'
import { isPartOfSealed } from './own-output.ts'
import { tokenDetector } from './token.ts'

/** Random base64 of 40 characters has 4.3 bits or more in all but a few of a thousand; paths and names have less. */
const LEAST_ENTROPY = 4.25

/** Base64url as well: what is longer and of that alphabet is none. */
const BASE64 = /[0-9A-Za-z+/_-]/

export const awsSecretAccessKey: Detector = {
  name: 'aws_secret_access_key',
  title: 'AWS secret access key',
  group: 'credential',
  activation: 'gated',
  finds:
    'Secret access keys of Amazon Web Services: exactly 40 characters of base64 with small letters, capitals and digits, and an entropy of at least 4.25 bits per character, which digests and paths do not reach.',
  misses: 'Keys with none of the words beside them: 40 characters of base64 may be anything.',
  patterns: [`${MAYBE_ESCAPE}[0-9A-Za-z+/]{40}`],
  gate: { words: ['secret access key', 'aws secret', 'aws secret key', 'amazon secret', 'secret key'] },
  lowEntropy: false,
  examples: ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    if (end - start !== 40 || BASE64.test(text[end] ?? '') || text[end] === '=') return undefined
    if (BASE64.test(text[start - 1] ?? '') && !followsEscape(text, start)) return undefined
    const key = text.slice(start, end)
    if (!/[0-9]/.test(key) || !/[a-z]/.test(key) || !/[A-Z]/.test(key)) return undefined
    return entropy(key) >= LEAST_ENTROPY && !isPartOfSealed(text, start) ? { start, end } : undefined
  },
  normalise: (match) => match,
}

export const awsSessionToken = tokenDetector({
  name: 'aws_session_token',
  title: 'AWS session token or Bedrock key',
  finds:
    'Session tokens of Amazon Web Services, base64 of a document that names its origin (`IQoJb3JpZ2luX2Vj`, `FwoGZXIvYXdz`), and keys of Bedrock, long-term (`ABSK` and base64 of `BedrockAPIKey-`) and short-term (`bedrock-api-key-`).',
  misses: 'Session tokens that are percent-encoded twice.',
  shapes: [
    { shape: '(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz)(?:[0-9A-Za-z+/]|%2[BFbf]){60,4000}(?:=|%3[Dd]){0,2}' },
    { shape: 'ABSKQmVkcm9ja0FQSUtleS[0-9A-Za-z+/]{60,4000}={0,2}' },
    { shape: 'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[0-9A-Za-z+/_-]{20,4000}={0,2}' },
  ],
  examples: [['X-Amz-Security-Token: IQoJb3JpZ2lu', `X2Vj${'MadeUpForTheDocs0123456789+/'.repeat(3)}=`].join('')],
})

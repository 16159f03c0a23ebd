import { entropy } from '../checksum/entropy.ts'
import type { Detector } from '../detector.ts'
import { tokenDetector } from './token.ts'

export const gcpApiKey = tokenDetector({
  name: 'gcp_api_key',
  title: 'Google API key',
  finds: 'API keys of Google: Cloud, Maps, Firebase and Gemini. `AIza` and 35 characters.',
  misses: 'Nothing that is known. Keys of Firebase and Maps that are meant for browsers are found as well.',
  shapes: [{ shape: 'AIza[0-9A-Za-z_-]{35}' }],
  examples: [['key=AI', 'zaMadeUpForTheDocsOfFieldseal_-012345'].join('')],
})

export const googleOauthToken = tokenDetector({
  name: 'google_oauth_token',
  title: 'Google OAuth token or secret',
  finds:
    'Secrets and tokens of Google’s OAuth: client secrets (`GOCSPX-` and 28 characters), access tokens (`ya29.`) and refresh tokens (`1//0`).',
  misses: 'Authorization codes (`4/0`), and client secrets from before 2021.',
  shapes: [
    { shape: 'GOCSPX-[0-9A-Za-z_-]{28}' },
    { shape: String.raw`ya29\.(?:[0-9a-z]{1,2}\.)?[0-9A-Za-z_-]{30,4000}` },
    { shape: '1//0[0-9A-Za-z_-]{60,200}', accept: (token) => entropy(token) > 4 },
  ],
  examples: [['Authorization: Bearer ya', '29.a0MadeUpForTheDocsOfFieldseal0123456789'].join('')],
})

const SERVICE_ACCOUNT = /\\*"type\\*"\s*:\s*\\*"service_account\\*"/

export const gcpServiceAccount: Detector = {
  name: 'gcp_service_account',
  title: 'Key file of a Google service account',
  group: 'credential',
  activation: 'always',
  finds:
    'JSON objects whose `type` is `service_account` and that hold a `private_key`, as Google Cloud hands them out, from brace to brace; inside of a JSON string as well.',
  misses:
    'Files in base64 or in a `tar`. Where the parts are fields of a record of their own, `private_key` finds the key.',
  patterns: [String.raw`\{[^{}]*service_account[^{}]*\}`],
  wakes: ['service_account'],
  lowEntropy: false,
  examples: [
    String.raw`{"type":"service_account","private_key_id":"0badc0de","private_key":"-----BEGIN PRIVATE KEY-----\nMadeUp"}`,
  ],
  confirm(text, { start, end }) {
    if (text[start] !== '{' || text[end - 1] !== '}') return undefined
    const object = text.slice(start, end)
    return SERVICE_ACCOUNT.test(object) && object.includes('private_key') ? { start, end } : undefined
  },
  normalise: (match) => match.normalize('NFC'),
}

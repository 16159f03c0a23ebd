import type { Detector } from '../detector.ts'
import { isMask } from './placeholder.ts'
import { isNoFiller, standsAlone, tokenDetector } from './token.ts'

export const ageKey = tokenDetector({
  name: 'age_key',
  title: 'Key of age',
  finds:
    'Secret keys of age (age-encryption.org): `AGE-SECRET-KEY-1` and 58 characters of bech32, `AGE-SECRET-KEY-PQ-1` and more, and identities of its plugins.',
  misses: 'Keys in small letters. The checksum is not looked at.',
  shapes: [
    {
      shape: 'AGE-(?:SECRET-KEY|SECRET-KEY-PQ|PLUGIN-[0-9A-Z]{1,20})-1[02-9AC-HJ-NP-Z]{58,4000}',
    },
  ],
  examples: [['AGE-SECRET-KEY', `-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58)}`].join('')],
})

export const wireguardKey = tokenDetector({
  name: 'wireguard_key',
  title: 'WireGuard key',
  finds: 'Private and preshared keys of WireGuard: base64 of 32 bytes, 43 characters and `=`.',
  misses:
    'Keys with none of the words beside them. Public keys have the same form, and are found where one of the words stands near.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: {
    words: ['privatekey', 'private key', 'preshared key', 'wg private', 'wireguard key', 'wireguard private'],
    within: 12,
  },
  shapes: [{ shape: '[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=' }],
  examples: ['PrivateKey = MadeUpForTheDocsOfFieldsealMadeUpForTheDoc8='],
})

export const pkcs12File = tokenDetector({
  name: 'pkcs12_file',
  title: 'PKCS #12 file',
  finds:
    'Key stores of PKCS #12 (RFC 7292) in base64 on one line: a sequence that begins with version 3 and a longer sequence.',
  misses: 'Files broken into lines, where only the first line is found, and those shorter than 256 bytes.',
  shapes: [{ shape: 'MI[I-L][0-9A-Za-z+/]{3}IBAzCC[0-9A-Za-z+/]{60,40000}={0,2}' }],
  examples: [['keystore: MII', `KAgIBAzCC${'MadeUpForTheDocs0123456789+/'.repeat(3)}==`].join('')],
})

export const encodedPrivateKey: Detector = {
  name: 'encoded_private_key',
  title: 'Private key in base64',
  group: 'credential',
  activation: 'always',
  finds:
    'Private keys in PEM that were encoded in base64 once more, as in `client-key-data` of a kubeconfig and in Secrets of Kubernetes: base64 of `-----BEGIN `, with `PRIVATE KEY` in what it decodes to.',
  misses: 'Keys in base64 that is broken into lines, and keys encoded twice.',
  patterns: ['LS0tLS1CRUdJTi[0-9A-Za-z+/]{40,}={0,2}'],
  lowEntropy: false,
  examples: [
    `client-key-data: ${Buffer.from('-----BEGIN PRIVATE KEY-----\nMadeUpForTheDocsOfFieldseal\n-----END PRIVATE KEY-----\n').toString('base64')}`,
  ],
  confirm(text, { start, end }) {
    if (!standsAlone(text, start, end) || text[end] === '=') return undefined
    const head = Buffer.from(text.slice(start, Math.min(end, start + 120)), 'base64').toString('latin1')
    return /^-----BEGIN [0-9A-Z ]*PRIVATE KEY/.test(head) ? { start, end } : undefined
  },
  normalise: (match) => match,
}

const NETRC = /^(?:machine\s+[^ \t\r\n\f]+|default)\s+login\s+[^ \t\r\n\f]+\s+password\s+([^ \t\r\n\f]+)$/

export const netrcPassword: Detector = {
  name: 'netrc_password',
  title: 'Password of a netrc file',
  group: 'credential',
  activation: 'always',
  finds:
    'Passwords in lines of a netrc file: `machine HOST login USER password PASSWORD`, on one line or several. The match is the password.',
  misses: 'Entries with `account` between, and those without `machine`.',
  patterns: [String.raw`(?:\bmachine\s+[^ \t\r\n\f]+|\bdefault)\s+login\s+[^ \t\r\n\f]+\s+password\s+[^ \t\r\n\f]+`],
  wakes: [String.raw`\slogin\s+[^ \t\r\n\f]+\s+password\s`],
  lowEntropy: false,
  examples: ['machine docs.example login jane password made-up-1'],
  confirm(text, { start, end }) {
    const secret = NETRC.exec(text.slice(start, end))?.[1]
    return secret === undefined || isMask(secret) ? undefined : { start: end - secret.length, end }
  },
  normalise: (match) => match.normalize('NFC'),
}

export const otpauthUrl = tokenDetector({
  name: 'otpauth_url',
  title: 'Address of a one-time password',
  finds:
    'Addresses of the scheme `otpauth` that hold a `secret` in base32 (Key URI Format of Google Authenticator), as in QR codes for a second factor, and exports (`otpauth-migration`).',
  misses: 'Addresses that are themselves percent-encoded.',
  shapes: [
    {
      shape: String.raw`otpauth://[ht]otp/[^ \t\r\n\f"'<>\\?]{0,200}\?(?:[a-z]{1,12}=[^ \t\r\n\f"'<>\\&]{0,200}&){0,8}secret=[2-7A-Za-z]{8,200}(?:=|%3[Dd]){0,6}(?:&[a-z]{1,12}=[0-9A-Za-z%+._~-]{0,200}){0,8}`,
    },
    { shape: String.raw`otpauth-migration://offline\?data=[0-9A-Za-z%+/=_-]{20,4000}` },
  ],
  examples: ['otpauth://totp/Docs:jane@example.com?secret=MADEUPFORTHEDOCS&issuer=Docs'],
})

export const totpSeed = tokenDetector({
  name: 'totp_seed',
  title: 'Seed of one-time passwords',
  finds: 'Seeds of TOTP and HOTP (RFC 6238, RFC 4226): 16 to 64 capitals and digits of base32.',
  misses: 'Seeds with none of the words beside them, those in groups, in small letters or without digits.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: {
    words: ['totp', 'hotp', 'otp secret', 'otp seed', 'mfa secret', '2fa secret', 'authenticator secret', 'mfa seed'],
  },
  shapes: [{ shape: '[2-7A-Z]{16,64}', accept: isSeed }],
  examples: ['totp secret MADEUP2FOR3THE4DOCS5'.slice(0, 32)],
})

function isSeed(token: string): boolean {
  return /[2-7]/.test(token) && /[A-Z]/.test(token) && isNoFiller(token)
}

import { entropy } from '../checksum/entropy.ts'
import { tokenDetector } from './token.ts'

/** The alphabet of crypt(3). */
const B64 = '[./0-9A-Za-z]'

export const passwordHash = tokenDetector({
  name: 'password_hash',
  title: 'Password hash',
  finds:
    'Hashes of passwords with a mark of their function: bcrypt (`$2b$`), crypt(5) of MD5, SHA-256, SHA-512, yescrypt and scrypt (`$1$`, `$5$`, `$6$`, `$y$`, `$7$`), Apache’s `$apr1$`, Argon2 and scrypt as PHC strings, PBKDF2 of Django and passlib, phpass (`$P$`), SCRAM of PostgreSQL, and `{SSHA}` and `{SHA}` of LDAP.',
  misses: 'Hashes without a mark (hexadecimal digits of MD5 or SHA), the old crypt of 13 characters, and MySQL’s.',
  shapes: [
    { shape: String.raw`\$2[abxy]?\$[0-3][0-9]\$${B64}{53}` },
    { shape: String.raw`\$(?:1|apr1)\$${B64}{1,8}\$${B64}{22}` },
    { shape: String.raw`\$5\$(?:rounds=[0-9]{1,9}\$)?${B64}{0,16}\$${B64}{43}` },
    { shape: String.raw`\$6\$(?:rounds=[0-9]{1,9}\$)?${B64}{0,16}\$${B64}{86}` },
    { shape: String.raw`\$(?:y|gy|7)\$${B64}{1,20}(?:\$${B64}{1,86})?\$${B64}{43}` },
    {
      shape: String.raw`\$argon2(?:i|d|id)\$v=[0-9]{1,3}\$m=[0-9]{1,9},t=[0-9]{1,5},p=[0-9]{1,5}\$[0-9A-Za-z+/]{8,90}\$[0-9A-Za-z+/]{16,90}`,
    },
    {
      shape: String.raw`\$scrypt\$ln=[0-9]{1,2},r=[0-9]{1,3},p=[0-9]{1,3}\$[0-9A-Za-z+/.]{8,90}\$[0-9A-Za-z+/.]{16,90}`,
    },
    { shape: String.raw`\$pbkdf2(?:-sha[0-9]{1,3})?\$[0-9]{1,8}\$${B64}{8,90}\$${B64}{27,90}` },
    { shape: String.raw`pbkdf2_sha(?:1|256)\$[0-9]{1,8}\$[0-9A-Za-z]{8,64}\$[0-9A-Za-z+/]{27,43}=` },
    { shape: String.raw`\$[PH]\$${B64}{31}` },
    {
      shape: String.raw`SCRAM-SHA-(?:1|256)\$[0-9]{1,8}:[0-9A-Za-z+/]{16,90}={0,2}\$[0-9A-Za-z+/]{27,44}={0,2}:[0-9A-Za-z+/]{27,44}={0,2}`,
    },
    { shape: String.raw`\{S?SHA(?:256|512)?\}[0-9A-Za-z+/]{27,120}={0,2}` },
  ],
  examples: ['$2b$12$MadeUpForTheDocsOfFieldsealMadeUpForTheDocsOfFieldseal0'.slice(0, 60)],
})

export const ntlmHash = tokenDetector({
  name: 'ntlm_hash',
  title: 'NTLM hash',
  finds: 'Hashes of passwords of Windows: 32 hexadecimal digits, or two of them with a colon between (LM and NT).',
  misses: 'Hashes with none of the words beside them.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: { words: ['ntlm', 'ntlmv1', 'ntlmv2', 'nt hash', 'lm hash', 'ntds', 'secretsdump', 'nthash', 'mimikatz'] },
  shapes: [{ shape: '[0-9A-Fa-f]{32}(?::[0-9A-Fa-f]{32})?', accept: (token) => entropy(token) > 2.5 }],
  examples: ['NTLM hash 0badc0de0badcafe0123456789abcdef'],
})

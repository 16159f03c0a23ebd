import { crc32Base62 } from '../checksum/crc32.ts'
import { tokenDetector } from './token.ts'

/** Thirty random characters after the prefix, and their CRC-32 in six characters of base 62. */
function endsInChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1)
  return body.endsWith(crc32Base62(body.slice(0, -6)))
}

export const githubToken = tokenDetector({
  name: 'github_token',
  title: 'GitHub token',
  finds:
    'Tokens of GitHub: classic personal (`ghp_`), OAuth (`gho_`), of apps (`ghu_`, `ghs_`) and refresh tokens (`ghr_`) of 36 characters, the last six of which are a CRC-32 in base 62 (GitHub blog, "Behind GitHub’s new authentication token formats", 2021); refresh tokens of 76 characters, installation tokens that end in a JSON web token, and fine-grained ones (`github_pat_`), by shape.',
  misses:
    'Tokens from before 2021, 40 hexadecimal digits without a prefix, and those of the manuals, whose checksums are wrong.',
  shapes: [
    { shape: 'ghr_[0-9A-Za-z]{76}' },
    { shape: 'gh[pousr]_[0-9A-Za-z]{36}', accept: endsInChecksum },
    { shape: String.raw`ghs_[0-9]{1,20}_eyJ[0-9A-Za-z_-]{10,4000}\.[0-9A-Za-z_-]{10,4000}\.[0-9A-Za-z_-]{20,4000}` },
    { shape: 'github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}' },
  ],
  examples: [['remote: gh', 'p_MadeUpForTheDocsOfFieldseal0120R0iti'].join('')],
})

export const npmToken = tokenDetector({
  name: 'npm_token',
  title: 'npm token',
  finds:
    'Access tokens of the npm registry: `npm_`, 30 characters, and their CRC-32 in six characters of base 62, as GitHub’s (GitHub blog, "Announcing npm’s new access token format", 2021).',
  misses: 'Tokens from before 2021, which are UUIDs.',
  shapes: [{ shape: 'npm_[0-9A-Za-z]{36}', accept: endsInChecksum }],
  examples: [['//registry.npmjs.org/:_authToken=npm', '_MadeUpForTheDocsOfFieldseal0120R0iti'].join('')],
})

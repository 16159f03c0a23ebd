import { isNoFiller, tokenDetector } from './token.ts'

export const secretStoreToken = tokenDetector({
  name: 'secret_store_token',
  title: 'Token of a secret store',
  finds:
    'Tokens that open other secrets: HashiCorp Vault (`hvs.`, `hvb.`, `hvr.`), Terraform Cloud (14 characters, `.atlasv1.`, 60 to 70), 1Password (service accounts `ops_eyJ`, and secret keys `A3-`), Doppler (`dp.pt.` and others), Pulumi (`pul-`) and Infisical (`st.`), by prefix, alphabet and length.',
  misses: 'Vault’s tokens from before 1.10 (`s.` and 24 characters), and Bitwarden’s.',
  shapes: [
    { shape: String.raw`hv[sbr]\.[0-9A-Za-z_-]{24,300}` },
    {
      shape: String.raw`[0-9A-Za-z]+\.atlasv1\.[0-9A-Za-z_=-]{60,70}`,
      wake: String.raw`\.atlasv1\.`,
      accept: isTerraform,
    },
    { shape: 'ops_eyJ[0-9A-Za-z+/_-]{100,4000}={0,2}' },
    { shape: 'A3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})(?:-[0-9A-Z]{5}){3}' },
    { shape: String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[0-9a-z_-]{2,35}\.)?[0-9A-Za-z]{40,44}` },
    { shape: 'pul-[0-9a-f]{40}' },
    { shape: String.raw`st\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[0-9a-f]{32}\.[0-9a-f]{32}` },
  ],
  examples: [['X-Vault-Token: hv', 's.MadeUpForTheDocsOfFieldseal'].join('')],
})

/** The first part is cut to size here: a count in the pattern would have the automaton count every word of a log. */
function isTerraform(token: string): boolean {
  return token.indexOf('.') === 14 && isNoFiller(token)
}

export const oktaToken = tokenDetector({
  name: 'okta_token',
  title: 'Okta token',
  finds: 'API tokens of Okta: `00` and 40 characters of base64url.',
  misses: 'Tokens with none of the words beside them.',
  activation: 'gated',
  gate: { words: ['okta', 'ssws'] },
  shapes: [{ shape: '00[0-9A-Za-z_-]{40}' }],
  examples: [['Authorization: SSWS 0', '0MadeUpForTheDocsOfFieldseal_-0123456789ab'].join('').slice(0, 62)],
})

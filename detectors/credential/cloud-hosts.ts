import { tokenDetector } from './token.ts'

export const cloudHostToken = tokenDetector({
  name: 'cloud_host_token',
  title: 'Token of a cloud host',
  finds:
    'Tokens of DigitalOcean (`dop_v1_`, `doo_v1_`, `dor_v1_`), Heroku (`HRKU-`), Fly.io (`fo1_`, `fm1_`, `fm2_`), Netlify (`nfp_`), Vercel (`vcp_`, `vci_`, `vca_`, `vcr_`, `vck_`), Cloudflare (`cfk_`, `cfut_`, `cfat_`, and `v1.0-` of its origin CA), Render (`rnd_`), Supabase (`sbp_`, `sb_secret_`), Yandex Cloud (`AQVN`, `t1.`), OpenShift (`sha256~`) and Tailscale (`tskey-`), by prefix, alphabet and length.',
  misses: 'Hetzner, Linode, Railway and others whose tokens have no prefix, and Cloudflare’s from before 2026.',
  shapes: [
    { shape: 'do[opr]_v1_[0-9a-f]{64}' },
    { shape: 'HRKU-[0-9A-Za-z_-]{58,64}' },
    { shape: 'fo1_[0-9A-Za-z_-]{43}' },
    { shape: 'fm(?:1[ar]|2)_[0-9A-Za-z+/]{80,4000}={0,3}' },
    { shape: 'nfp_[0-9A-Za-z]{36,40}' },
    { shape: 'vc[aikpr]_[0-9A-Za-z]{24,64}', accept: hasDigit },
    { shape: 'cf(?:k|ut|at)_[0-9A-Za-z]{40}[0-9a-f]{8}' },
    { shape: String.raw`v1\.0-[0-9a-f]{24}-[0-9a-f]{146}` },
    { shape: 'rnd_[0-9A-Za-z]{28,40}', accept: hasDigit },
    { shape: 'sbp_[0-9a-f]{40}' },
    { shape: 'sb_secret_[0-9A-Za-z_-]{31}' },
    { shape: 'AQVN[0-9A-Za-z_-]{35,38}', accept: hasDigit },
    { shape: String.raw`t1\.[0-9A-Za-z_-]{40,4000}={0,2}\.[0-9A-Za-z_-]{86}={0,2}` },
    { shape: 'sha256~[0-9A-Za-z_-]{43}' },
    { shape: 'tskey-(?:api|auth|client|scim|webhook)-[0-9A-Za-z]{8,20}-[0-9A-Za-z]{16,48}' },
  ],
  examples: [
    ['DIGITALOCEAN_TOKEN=do', 'p_v1_0badc0de0badcafe0123456789abcdef0badc0de0badcafe0123456789abcdef'].join(''),
  ],
})

function hasDigit(token: string): boolean {
  return /[0-9].*[0-9]/.test(token) && /[A-Z]/.test(token) && /[a-z]/.test(token)
}

export const herokuKey = tokenDetector({
  name: 'heroku_key',
  title: 'Heroku key',
  finds: 'Keys of Heroku from before 2024, which are UUIDs.',
  misses: 'Keys with none of the words beside them. Every other UUID beside one of them is found as well.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: { words: ['heroku api key', 'heroku key', 'heroku token', 'heroku auth token', 'heroku oauth token'] },
  shapes: [{ shape: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}' }],
  examples: ['HEROKU_API_KEY=0badc0de-0bad-4caf-8123-456789abcdef'],
})

export const alibabaAccessKeyId = tokenDetector({
  name: 'alibaba_access_key_id',
  title: 'Alibaba or Tencent access key id',
  finds:
    'Identifiers of access keys of Alibaba Cloud (`LTAI` and 12 to 20 characters) and Tencent Cloud (`AKID` and 32).',
  misses: 'The secrets that belong to them: 30 and 32 characters without a mark.',
  shapes: [
    { shape: 'LTAI[0-9A-Za-z]{12,20}', accept: hasDigit },
    { shape: 'AKID[0-9A-Za-z]{32}', accept: hasDigit },
  ],
  examples: ['accessKeyId=LTAI5tMadeUpForTheDocs01'],
})

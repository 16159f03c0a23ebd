import { crc32 } from '../checksum/crc32.ts'
import { tokenDetector } from './token.ts'

/** The CRC-32 of what stands before the last underscore, least significant byte first. */
function endsInChecksum(token: string): boolean {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(crc32(token.slice(0, -9)))
  return token.endsWith(bytes.toString('hex'))
}

function isJsonWith(encoded: string, member: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString())
    return typeof value === 'object' && value !== null && member in value
  } catch {
    return false
  }
}

export const grafanaToken = tokenDetector({
  name: 'grafana_token',
  title: 'Grafana token',
  finds:
    'Tokens of Grafana: of service accounts (`glsa_`, 32 characters, and the CRC-32 of both in eight hexadecimal digits, least significant byte first: `pkg/components/satokengen` of Grafana), of Grafana Cloud (`glc_` and a JSON object in base64), and API keys (a JSON object with `k` in base64).',
  misses: 'Tokens that were cut.',
  shapes: [
    { shape: 'glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}', accept: endsInChecksum },
    { shape: 'glc_eyJ[0-9A-Za-z+/]{20,400}={0,2}', accept: (token) => isJsonWith(token.slice(4), 'k') },
    { shape: 'eyJrIjoi[0-9A-Za-z+/]{30,400}={0,2}', accept: (token) => isJsonWith(token, 'n') },
  ],
  examples: [['Authorization: Bearer gl', 'sa_iNValIdinValiDinvalidinvalidinva_5b582697'].join('')],
})

export const monitoringKey = tokenDetector({
  name: 'monitoring_key',
  title: 'Key of a monitoring service',
  finds:
    'Keys of New Relic (`NRAK-`, `NRII-`, `NRIQ-`, `NRRA-`, `NRBR-`), Sentry (`sntrys_`, `sntryu_`, `sntrya_`, `sntryi_`), Dynatrace (`dt0c01.` and others), Honeycomb (`hcaik_` and others) and PostHog (`phx_`), by prefix, alphabet and length.',
  misses: 'PagerDuty, Sumo Logic, Splunk and others whose keys have no prefix. Datadog’s need a word beside them.',
  shapes: [
    { shape: 'NRAK-[0-9A-Z]{27}' },
    { shape: 'NRI[IQ]-[0-9A-Za-z_-]{32}' },
    { shape: 'NRRA-[0-9a-f]{42}' },
    { shape: 'NRBR-[0-9a-f]{19}' },
    { shape: 'sntrys_eyJ[0-9A-Za-z+/]{20,400}={0,2}_[0-9A-Za-z+/]{43}' },
    { shape: 'sntry[uai]_[0-9a-f]{64}' },
    { shape: String.raw`dt0[a-z][0-9]{2}\.[0-9A-Za-z]{8,24}\.[0-9A-Za-z]{64}` },
    { shape: 'hc[a-z](?:ik|mk|lk)_[0-9a-z]{58}' },
    { shape: 'phx_[0-9A-Za-z]{43,47}' },
  ],
  examples: [['Api-Key: NRA', 'K-MADEUPFORTHEDOCS0123456789A'].join('')],
})

export const datadogKey = tokenDetector({
  name: 'datadog_key',
  title: 'Datadog key',
  finds: 'API keys (32 hexadecimal digits) and application keys (40) of Datadog.',
  misses: 'Keys with none of the words beside them: trace ids have the same form.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: {
    words: [
      'dd api key',
      'datadog api key',
      'dd app key',
      'datadog app key',
      'dd application key',
      'datadog application key',
    ],
  },
  shapes: [{ shape: '[0-9a-f]{40}' }, { shape: '[0-9a-f]{32}' }],
  examples: ['DD_API_KEY=0badc0de0badcafe0123456789abcdef'],
})

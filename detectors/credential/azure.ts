import { isAlphanumeric } from '../boundary.ts'
import type { Detector } from '../detector.ts'
import { isNoFiller, tokenDetector } from './token.ts'

const KEY = /^(?:AccountKey|SharedAccessKey|SharedSecretKey)=([0-9A-Za-z+/]{86}==|[0-9A-Za-z+/]{43,54}=)$/

export const azureAccountKey: Detector = {
  name: 'azure_account_key',
  title: 'Azure account key',
  group: 'credential',
  activation: 'always',
  finds:
    'Keys in connection strings of Azure: `AccountKey=` of storage, Cosmos DB and Batch (base64 of 64 bytes), `SharedAccessKey=` of Service Bus, Event Hubs and IoT Hub (32 to 40 bytes). The match is the key alone.',
  misses: 'Keys outside of a connection string; under a key name they are generic secrets.',
  patterns: ['(?:AccountKey|SharedAccessKey|SharedSecretKey)=[0-9A-Za-z+/]{43,86}={1,2}'],
  lowEntropy: false,
  examples: [`AccountName=docs;AccountKey=${'MadeUpForTheDocs0123456789+/'.repeat(4).slice(0, 86)}==;`],
  confirm(text, { start, end }) {
    const key = KEY.exec(text.slice(start, end))?.[1]
    if (key === undefined || !isNoFiller(key)) return undefined
    if (isAlphanumeric(text, start - 1) || text[end] === '=') return undefined
    return { start: end - key.length, end }
  },
  normalise: (match) => match,
}

export const azureClientSecret = tokenDetector({
  name: 'azure_client_secret',
  title: 'Client secret of Microsoft Entra ID',
  finds:
    'Client secrets of applications in Microsoft Entra ID (Azure AD): three characters, a digit, `Q~`, and 31 to 34 characters.',
  misses: 'Secrets from before 2021, which have no mark.',
  shapes: [{ shape: '[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}', wake: '[0-9]Q~[0-9A-Za-z_~.-]{8}' }],
  examples: [['client_secret=abc8Q', '~MadeUpForTheDocs.Of-Fieldseal01234'].join('')],
})

export const azureDevopsToken = tokenDetector({
  name: 'azure_devops_token',
  title: 'Azure DevOps token',
  finds:
    'Personal access tokens of Azure DevOps: 84 characters with `AZDO` before the last four, and the old ones of 52 characters of base32.',
  misses: 'Tokens with none of the words beside them.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: { words: ['azure devops', 'devops', 'azdo', 'vsts', 'personal access token', 'system accesstoken'] },
  shapes: [{ shape: '[0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4}' }, { shape: '[a-z2-7]{52}', accept: hasDigits }],
  examples: [['AZURE_DEVOPS_EXT_PAT=', `${'madeupforthedocs234567'.repeat(3).slice(0, 52)}`].join('')],
})

function hasDigits(token: string): boolean {
  return /[2-7].*[2-7]/.test(token) && isNoFiller(token)
}

import { crc32 } from '../checksum/crc32.ts'
import { isNoFiller, tokenDetector } from './token.ts'

/** The CRC-32 of everything up to the equals sign, the sign included, in eight hexadecimal digits. */
function endsInChecksum(token: string): boolean {
  return token.endsWith(crc32(token.slice(0, -8)).toString(16).toUpperCase().padStart(8, '0'))
}

export const atlassianToken = tokenDetector({
  name: 'atlassian_token',
  title: 'Atlassian token',
  finds:
    'API tokens of Atlassian’s cloud (`ATATT3`), which end in `=` and the CRC-32 of what stands before, in hexadecimal digits; access tokens of Bitbucket repositories (`ATCTT3`), app passwords of Bitbucket (`ATBB`), tokens of Trello (`ATTA`) and of Bitbucket Data Center (`BBDC-`), by shape.',
  misses: 'Tokens from before 2023, 24 characters without a prefix.',
  shapes: [
    { shape: 'ATATT3[0-9A-Za-z_-]{40,300}=[0-9A-F]{8}', accept: endsInChecksum },
    { shape: 'ATCTT3[0-9A-Za-z_-]{100,300}=[0-9A-F]{8}' },
    { shape: 'ATBB[0-9A-Za-z]{24}[0-9A-F]{8}' },
    { shape: 'ATTA[0-9a-f]{64}[0-9A-F]{8}' },
    { shape: 'BBDC-[0-9A-Za-z+/@_-]{40,50}' },
  ],
  examples: [
    ['jira: ATA', `TT3xFfGF0MadeUpForTheCorpusOfFieldseal${'0123456789abcdef_-ABCDEF'.repeat(5)}=A2348967`].join(''),
  ],
})

export const workToolToken = tokenDetector({
  name: 'work_tool_token',
  title: 'Token of a tool for work',
  finds:
    'Tokens of Linear (`lin_api_`, `lin_oauth_`), Notion (`ntn_`), Figma (`figd_` and others), Postman (`PMAK-`), Asana (`1/`, a number, and 32 hexadecimal digits), Airtable (`pat`, 14 characters, a full stop, and 64), HubSpot (`pat-na1-` and others), ClickUp (`pk_`), Contentful (`CFPAT-`), Dropbox (`sl.`), Typeform (`tfp_`) and Facebook (`EAA`), by prefix, alphabet and length.',
  misses: 'Trello, Zendesk, Intercom and others whose tokens have no prefix.',
  shapes: [
    { shape: 'lin_(?:api|oauth)_[0-9A-Za-z]{40,64}' },
    { shape: 'ntn_[0-9A-Za-z]{43,46}' },
    { shape: 'fig[a-z]{1,2}_[0-9A-Za-z_-]{40,44}' },
    { shape: 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}' },
    { shape: '[12]/[0-9]{13,20}(?:/[0-9]{13,20})?:[0-9a-f]{32}' },
    { shape: String.raw`pat[0-9A-Za-z]{14}\.[0-9a-f]{64}` },
    { shape: 'pat-(?:na|eu|ap)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}' },
    { shape: 'pk_[0-9]{6,12}_[0-9A-Z]{32}' },
    { shape: 'CFPAT-[0-9A-Za-z_-]{43}' },
    {
      shape: String.raw`\bsl\.(?:u\.)?[0-9A-Za-z_-]{130,4000}`,
      accept: (token) => isNoFiller(token) && /[0-9]/.test(token),
    },
    { shape: 'tfp_[0-9A-Za-z]{40,44}_[0-9A-Za-z]{10,16}' },
    { shape: 'EAA[A-Z][0-9A-Za-z]{100,400}', accept: (token) => isNoFiller(token) && /[0-9]/.test(token) },
  ],
  examples: [['Authorization: lin', '_api_MadeUpForTheDocsOfFieldseal0123456789abcd'].join('')],
})

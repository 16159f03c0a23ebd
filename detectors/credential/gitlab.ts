import { crc32 } from '../checksum/crc32.ts'
import { isNoFiller, tokenDetector } from './token.ts'

/** Payload, version, and two digits of its length in base 36; then the CRC-32 of all of that, in seven digits. */
function endsInChecksum(token: string): boolean {
  return token.endsWith(crc32(token.slice(0, -7)).toString(36).padStart(7, '0'))
}

export const gitlabToken = tokenDetector({
  name: 'gitlab_token',
  title: 'GitLab token',
  finds:
    'Tokens of GitLab by their prefixes (docs.gitlab.com, "Token overview"): personal `glpat-`, deploy `gldt-`, runner `glrt-` and `glrtr-`, job `glcbt-`, trigger `glptt-`, feed `glft-`, mail `glimt-`, agent `glagent-`, SCIM `glsoat-`, feature flags `glffct-`, OAuth secrets `gloas-`, workspace `glwt-`, and runner registration `GR1348941`. Routable tokens, which have a part behind a full stop, end in the CRC-32 of what stands before it, in base 36 (GitLab handbook, "Cells: Routable Tokens").',
  misses: 'Tokens of instances that have a prefix of their own, and those from before 2021, which have none.',
  shapes: [
    {
      shape: String.raw`gl(?:pat|rt|rtr|cbt|agent|dt|ptt)-[0-9A-Za-z_-]{27,300}\.(?:[0-9a-z]{2}\.)?[0-9a-z]{9}`,
      accept: endsInChecksum,
    },
    {
      shape: 'gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|oas|wt)-[0-9A-Za-z_-]{20,300}',
      accept: isNoFiller,
    },
    { shape: 'GR1348941[0-9A-Za-z_-]{20}' },
  ],
  examples: [['PRIVATE-TOKEN: glp', 'at-MadeUpForTheDocs_012'].join('')],
})

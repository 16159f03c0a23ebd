import { isNoFiller, tokenDetector } from './token.ts'

export const slackToken = tokenDetector({
  name: 'slack_token',
  title: 'Slack token',
  finds:
    'Tokens of Slack (api.slack.com, "Tokens"): bots `xoxb-`, users `xoxp-`, browsers `xoxc-` and `xoxd-`, legacy ones `xoxa-`, `xoxo-`, `xoxr-`, `xoxs-`, configuration `xoxe-` and `xoxe.xoxp-`, and app-level `xapp-`. A number follows the prefix.',
  misses: 'Signing secrets and verification tokens, 32 or 24 characters without a prefix.',
  shapes: [
    { shape: 'xox[abceoprs]-[0-9]{1,14}-[0-9A-Za-z-]{10,250}', accept: isNoFiller },
    { shape: String.raw`xoxe\.xox[bp]-[0-9]-[0-9A-Za-z]{100,250}` },
    { shape: 'xoxd-[0-9A-Za-z%+/]{50,300}={0,2}' },
    { shape: 'xapp-[0-9]-[0-9A-Z]{5,20}-[0-9]{5,20}-[0-9a-f]{32,100}' },
  ],
  examples: [['SLACK_TOKEN=xox', 'b-012345678901-MadeUpForTheDocs0123456789'].join('')],
})

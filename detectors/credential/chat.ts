import { tokenDetector } from './token.ts'

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

export const chatWebhook = tokenDetector({
  name: 'chat_webhook',
  title: 'Webhook of a chat',
  finds:
    'Addresses that let whoever knows them post into a channel: of Slack (`hooks.slack.com/services/`, `/workflows/`, `/triggers/`), Discord (`discord.com/api/webhooks/`), Microsoft Teams (`webhook.office.com/webhookb2/`) and Google Chat (`chat.googleapis.com/v1/spaces/`, with its key and token). The match begins at the host.',
  misses: 'Webhooks of Mattermost, Rocket.Chat and others that one runs oneself, and Power Automate flows.',
  shapes: [
    { shape: String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z+/_-]{20,120}` },
    { shape: String.raw`discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_-]{60,80}` },
    {
      shape: String.raw`webhook\.office\.com/webhookb2/${UUID}@${UUID}/IncomingWebhook/[0-9A-Za-z]{32}/${UUID}[0-9A-Za-z_/-]{0,80}`,
    },
    {
      shape: String.raw`chat\.googleapis\.com/v1/spaces/[0-9A-Za-z_-]{5,30}/messages\?key=[0-9A-Za-z_-]{39}&token=[0-9A-Za-z_-]{20,100}(?:=|%3D)?`,
    },
  ],
  examples: [['https://hooks.slack', '.com/services/T00MADE0UP/B00FORDOCS/FieldsealDocs0123456789x'].join('')],
})

export const discordToken = tokenDetector({
  name: 'discord_token',
  title: 'Discord bot token',
  finds:
    'Tokens of Discord bots: the base64url of the bot’s number (17 to 20 digits), six characters of a time and 27 to 38 of a code, separated by full stops.',
  misses: 'Tokens with none of the words beside them, and those of user accounts that begin with `mfa.`.',
  activation: 'gated',
  gate: { words: ['discord', 'bot token', 'client login'] },
  shapes: [{ shape: String.raw`[MNO][0-9A-Za-z_-]{22,27}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}`, accept: namesBot }],
  examples: [['discord token: MDEyMzQ1Njc4OTAxMjM0NTY3OA', '.MadeUp.ForTheDocsOfFieldseal_0123456'].join('')],
})

function namesBot(token: string): boolean {
  return /^[0-9]{17,20}$/.test(Buffer.from(token.split('.')[0]!, 'base64url').toString('latin1'))
}

export const telegramToken = tokenDetector({
  name: 'telegram_token',
  title: 'Telegram bot token',
  finds:
    'Tokens of Telegram bots: the bot’s number, a colon, and 35 characters that begin with `AA`. In addresses of the API, the `bot` before the number belongs to the match.',
  misses: 'Tokens with none of the words beside them.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: { words: ['telegram', 'bot token', 'botfather', 'tg token', 'tgbot'] },
  shapes: [{ shape: '(?:bot)?[0-9]{7,11}:AA[0-9A-Za-z_-]{33}' }],
  examples: [['telegram 0123456789:AA', 'MadeUpForTheDocsOfFieldseal_012345'.slice(0, 33)].join('')],
})

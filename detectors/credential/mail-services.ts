import { tokenDetector } from './token.ts'

export const mailServiceKey = tokenDetector({
  name: 'mail_service_key',
  title: 'Key of a mail service',
  finds:
    'Keys of services that send mail: SendGrid (`SG.`, 22 and 43 characters), Brevo, once Sendinblue (`xkeysib-`, `xsmtpsib-`), MailerSend (`mlsn.`) and Resend (`re_`), by prefix, alphabet and length.',
  misses:
    'Postmark, SparkPost and others whose keys have no prefix. Mailgun, Mailchimp and Twilio need a word beside them.',
  shapes: [
    { shape: String.raw`SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}` },
    { shape: 'x(?:key|smtp)sib-[0-9a-f]{64}-[0-9A-Za-z]{16}' },
    { shape: String.raw`mlsn\.[0-9a-f]{64}` },
    { shape: 're_[0-9A-Za-z]{8}_[0-9A-Za-z]{24}' },
  ],
  examples: [['apikey SG', '.MadeUpForTheDocs-01234.MadeUpForTheDocsOfFieldseal-012345678901234'].join('')],
})

export const mailgunKey = tokenDetector({
  name: 'mailgun_key',
  title: 'Mailgun or Mailchimp key',
  finds:
    'Keys of Mailgun (`key-` and 32 hexadecimal digits; or 32, 8 and 8 with hyphens) and of Mailchimp and Mandrill (32 hexadecimal digits and the data centre, `-us12`).',
  misses: 'Keys with none of the names beside them, and keys of Mandrill, 22 characters without a prefix.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: { words: ['mailgun', 'mailchimp', 'mandrill', 'mc api key'] },
  shapes: [
    { shape: 'key-[0-9a-f]{32}' },
    { shape: '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}' },
    { shape: '[0-9a-f]{32}-us[0-9]{1,2}' },
  ],
  examples: [['mailgun key-', '0badc0de0badcafe0123456789abcdef'].join('')],
})

export const twilioKey = tokenDetector({
  name: 'twilio_key',
  title: 'Twilio key or token',
  finds: 'API keys (`SK` and 32 hexadecimal digits) and authentication tokens (32 hexadecimal digits) of Twilio.',
  misses: 'Keys with none of the words beside them. Account identifiers (`AC…`) are no secrets.',
  activation: 'gated',
  beginsAnyhow: true,
  gate: { words: ['twilio'] },
  shapes: [{ shape: '(?:SK)?[0-9a-f]{32}' }],
  examples: [['twilio SK', '0badc0de0badcafe0123456789abcdef'].join('')],
})

import { z } from 'zod'
import { sinkSettings } from '../sinks/settings.ts'
import { sourceSettings } from '../sources/settings.ts'
import { leakScanSettings } from './leak-scan-settings.ts'
import { file } from './network.ts'
import { serviceSettings } from './service-settings.ts'
import { telemetrySettings } from './telemetry-settings.ts'
import { byteSize, duration, wholeNumber } from './units.ts'

const NAME_EXPECTED = 'a name has letters, digits, "-", "_" and ".", begins with a letter or digit, and has at most 64'

/** Names that the operator gives to recipients, groups and keys. */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, NAME_EXPECTED)
/** Groups may be named for the tenants of records: `tenant:acme`. */
const groupName = z.string().regex(/^(?:tenant:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, NAME_EXPECTED)
const keyId = z.string().min(1).max(128)

const MOMENT_EXPECTED = 'expected a date, such as 2027-01-31, or a time in RFC 3339'
const MOMENT = z.union([z.iso.date(), z.iso.datetime({ offset: true })])
/** A day, or a moment, as RFC 3339 has them. A day begins at midnight UTC. In milliseconds since 1970. */
const moment = z
  .string(MOMENT_EXPECTED)
  .refine((text) => MOMENT.safeParse(text).success, MOMENT_EXPECTED)
  .transform((text) => Date.parse(text))

const validity = {
  created: moment.optional().meta({ description: 'When the key was made: for its age, in metrics.' }),
  expires: moment.optional().meta({
    description:
      'When the key must be replaced: from then on (of a day, from its first second in UTC) nothing is sealed for it, and so nothing is passed on that it should be sealed for. A configuration with an expired key is refused.',
    examples: ['2027-01-31'],
  }),
}

const jwkRecipient = z.strictObject({
  jwk: z
    .union([file, z.record(z.string(), z.unknown())])
    .meta({ description: 'A public JWK (RFC 7517): the path of its file, or the key itself.' }),
  ...validity,
})

const jwksRecipient = z.strictObject({
  jwks: file.meta({ description: 'Path of a JWK Set (RFC 7517 section 5).' }),
  kid: keyId.meta({ description: 'With `jwks`: the `kid` of the key within the set.' }),
  ...validity,
})

const pemRecipient = z.strictObject({
  pem: file.meta({ description: 'Path of a public key in PEM (SubjectPublicKeyInfo, RFC 7468 section 13).' }),
  kid: keyId.optional().meta({
    description: 'With `pem`: the `kid` to write into sealed values. Default: the RFC 7638 thumbprint of the key.',
  }),
  ...validity,
})

const recipients = z
  .record(name, z.union([jwkRecipient, jwksRecipient, pemRecipient]))
  .prefault({})
  .meta({
    description:
      'Public keys that values can be sealed for, by name. A P-256, X25519 or RSA key (at least 2048 bits). The private half never belongs here.',
    examples: [
      { security: { jwk: 'keys/security.pub.jwk' }, dpo: { jwk: 'keys/dpo.pub.jwk' } },
      { dpo: { jwks: 'keys/dpo.jwks.json', kid: 'dpo-2026' }, fraud: { pem: 'keys/fraud.pem', kid: 'fraud-1' } },
    ],
  })

const groups = z
  .record(groupName, z.array(z.string().min(1)).min(1))
  .prefault({})
  .meta({
    description:
      'Recipients that are named together. A rule that seals to a group seals to each of its members. A group holds recipients, not groups, and shares no name with a recipient. A group named `tenant:acme` is meant where a rule seals to `tenant:{resource.tenant.id}` and a record has `acme` there.',
    examples: [{ default: ['security', 'dpo'] }],
  })

const hashKeys = z
  .record(
    name,
    z.strictObject({
      file: file.meta({
        description: 'Path of the key: at least 32 random bytes as base64 text (`openssl rand -base64 32`).',
      }),
    }),
  )
  .prefault({})
  .meta({
    description: 'Secret keys for the pseudonyms of rules with `hash`, by name.',
    examples: [{ pseudonyms: { file: 'keys/pseudonyms.key' } }],
  })

const epoch = z
  .strictObject({
    max_age: duration('1s', '1h')
      .prefault('60s')
      .meta({ description: 'Time after which keys are agreed anew.', examples: ['10m'] }),
    max_wraps: wholeNumber(1, 2 ** 32)
      .default(2 ** 20)
      .meta({ description: 'Number of content keys wrapped after which keys are agreed anew.' }),
  })
  .prefault({})
  .meta({ description: 'How long one key agreement per recipient is used, at most. What is reached first ends it.' })

const sealing = z
  .strictObject({
    layout: z
      .enum(['value', 'record'])
      .default('value')
      .meta({ description: 'One JWE for each value, or one for each record and set of recipients, which is smaller.' }),
    strict: z
      .boolean()
      .default(false)
      .meta({ description: 'A key agreement of its own for each value: slower, and nothing is kept between values.' }),
    epoch,
  })
  .prefault({})
  .meta({ description: 'How values are sealed. Rules may differ in layout and strict.' })

const limits = z
  .strictObject({
    value: byteSize('256MiB')
      .prefault('1MiB')
      .meta({ description: 'Largest value that is sealed; a record with a larger one is refused.' }),
    record: byteSize('256MiB').prefault('4MiB').meta({ description: 'Largest record that is taken.' }),
    batch: byteSize('1GiB')
      .prefault('64MiB')
      .meta({ description: 'Largest batch that is taken, after decompression.' }),
    depth: wholeNumber(1, 200).default(64).meta({ description: 'Deepest nesting of maps and arrays in a record.' }),
    paths: wholeNumber(1, 1_000_000).default(10_000).meta({
      description:
        'Number of different paths that are remembered. Beyond it nothing is skipped; paths are worked out each time.',
    }),
  })
  .prefault({})
  .meta({ description: 'Limits on what comes in, counted before memory is spent.' })

/** The operator's file, `config.yaml`. Paths in it are relative to its folder. */
export const configSchema = z
  .strictObject({
    recipients,
    groups,
    hash_keys: hashKeys,
    rules: z
      .array(file)
      .default([])
      .meta({ description: 'Rule files, in order.', examples: [['rules/packs/default.yaml']] }),
    body_keys: z
      .array(z.string().min(1))
      .min(1)
      .default(['msg', 'message', 'log'])
      .meta({ description: 'Keys of which the first present is the body of a record that has no body of its own.' }),
    accept_sealed: z
      .array(keyId)
      .default([])
      .meta({
        description: 'Key ids of other stages: what they have sealed passes as it is, and is not sealed again.',
        examples: [['gateway-2026']],
      }),
    sealing,
    leak_scan: leakScanSettings,
    limits,
    service: serviceSettings,
    telemetry: telemetrySettings,
    sources: z
      .record(name, sourceSettings)
      .prefault({})
      .meta({
        description: 'Where the service takes records from, by names of your own.',
        examples: [
          { otlp: { type: 'otlp_http' } },
          { grpc: { type: 'otlp_grpc' } },
          { fluent: { type: 'forward' } },
          { app: { type: 'files', include: ['logs/*.log'], positions: 'app.positions.json' } },
          { pipe: { type: 'stdin' } },
        ],
      }),
    sinks: z
      .record(name, sinkSettings)
      .prefault({})
      .meta({
        description: 'Where the service sends records to, by names of your own. Each batch goes to all of them.',
        examples: [
          { archive: { type: 'file', path: 'sealed.jsonl' } },
          { backend: { type: 'otlp_http', endpoint: 'https://backend.example.com/v1/logs' } },
          { collector: { type: 'otlp_grpc', endpoint: 'https://collector.example.com:4317' } },
          {
            fluentd: {
              type: 'forward',
              endpoints: ['aggregator-1.example.com:24224', 'aggregator-2.example.com:24224'],
            },
          },
          { output: { type: 'stdout' } },
        ],
      }),
  })
  .meta({
    title: 'Fieldseal configuration',
    description: 'Recipients, keys, rule files, sealing, limits, and the service.',
  })

/** The configuration with its defaults; sizes in bytes, times in milliseconds. */
export type Settings = z.output<typeof configSchema>
export type SettingsInput = z.input<typeof configSchema>
export type RecipientSource = Settings['recipients'][string]

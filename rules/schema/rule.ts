import { z } from 'zod'
import { identifier, oneOrMany, scalar, within, words } from './parts.ts'
import { ruleTestsSchema } from './tests.ts'

const exception = z
  .strictObject({
    name: identifier.meta({ description: 'Name of the exception; shown where it applies.' }),
    pattern: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'RE2 pattern; a match that it finds something in is left alone.' }),
    path: oneOrMany(z.string()).optional().meta({ description: 'Paths at which the rule does not apply.' }),
    reason: z.string().min(1).optional().meta({ description: 'Why this is no personal data.' }),
    owner: z.string().min(1).optional().meta({ description: 'Who answers for it.' }),
    expires: z.iso.date().optional().meta({ description: 'Day (UTC) on which the exception stops applying.' }),
  })
  .refine((value) => value.pattern !== undefined || value.path !== undefined, 'an exception needs a pattern or a path')

/** `tenant:{resource.tenant.id}`: the group named `tenant:` and the value of that field. */
export const TENANT = /^tenant:\{([^{}]+)\}$/

const seal = z
  .strictObject({
    to: oneOrMany(z.string().min(1)).meta({
      description:
        'Recipients and groups of the configuration that may open what the rule seals. `tenant:{resource.tenant.id}` is the group `tenant:acme` where the record has `acme` in that field.',
    }),
    fallback: z.string().min(1).optional().meta({
      description:
        'With a tenant in `to`: the recipient or group to seal to where the tenant is missing, unknown or not the same everywhere in the record.',
    }),
    text: z
      .enum(['span', 'whole'])
      .default('span')
      .meta({ description: 'Seal only the matched part of a text, or the whole value that holds a match.' }),
    layout: z.enum(['value', 'record']).optional().meta({
      description:
        'One JWE for each value, or one for each record and set of recipients. Default: sealing.layout of the configuration.',
    }),
    as: z.enum(['string', 'sibling']).default('string').meta({
      description:
        'Replace the value by a string, or replace the entry by `<key>.sealed` where a backend would refuse a string.',
    }),
    serialization: z.enum(['general', 'compact']).default('general').meta({
      description: 'General JSON for any number of recipients; compact for exactly one, smaller, cannot be rewrapped.',
    }),
    strict: z.boolean().optional().meta({
      description: 'A key agreement of its own for each value. Default: sealing.strict of the configuration.',
    }),
  })
  .refine(({ to, fallback }) => [to].flat().some((name) => TENANT.test(name)) === (fallback !== undefined), {
    message: 'a tenant in `to` needs a fallback, and nothing else does',
    path: ['fallback'],
  })

const hash = z.strictObject({
  key: z.string().min(1).meta({ description: 'Name of one of the hash_keys of the configuration.' }),
})

const mask = z.strictObject({
  keep_last: z
    .int()
    .min(0)
    .max(8)
    .default(0)
    .meta({ description: 'Number of characters at the end that stay readable.' }),
})

const drop = z.strictObject({})

/** What people need to know of a rule; the engine does nothing with it. */
const metadata = {
  title: z.string().min(1).optional().meta({ description: 'What the rule is for, in a few words.' }),
  status: z
    .enum(['draft', 'experimental', 'stable', 'deprecated'])
    .optional()
    .meta({ description: 'How far the rule has come.' }),
  description: z.string().min(1).optional().meta({ description: 'What it finds and what becomes of it.' }),
  owner: z.string().min(1).optional().meta({ description: 'Who answers for the rule.' }),
  data_category: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Kind of data, in the words of your records of processing: contact, payment, health.' }),
  purpose: z.string().min(1).optional().meta({ description: 'What the data is processed for.' }),
  justification: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Why it is sealed, hashed, masked or dropped: law, standard or policy.' }),
  level: z
    .enum(['low', 'medium', 'high', 'critical'])
    .optional()
    .meta({ description: 'How bad it would be if such a value got out.' }),
  falsepositives: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'What it is known to find wrongly.' }),
}

/** One rule: where to look, for what, and what to do. */
export const ruleSchema = z
  .strictObject({
    id: identifier.meta({ description: 'Name of the rule; stable, since reports and metrics count by it.' }),
    ...metadata,
    mode: z.enum(['enforce', 'audit']).default('enforce').meta({
      description: 'Carry the rule out, or only count what it would do.',
    }),
    expires: z.iso.date().optional().meta({
      description: 'With `mode: audit`: day (UTC) from which the rule is carried out.',
    }),
    detect: oneOrMany(z.string().min(1)).optional().meta({
      description: 'Detectors of the catalogue, or of the `detectors` of a rule file.',
    }),
    near: words.optional().meta({
      description:
        'Words of which one must stand near a match, or name its key; for detectors that have words of their own, in their place.',
    }),
    within: within.optional().meta({ description: 'With `near`: characters between word and match. Default: 30.' }),
    pattern: oneOrMany(z.string().min(1)).optional().meta({ description: 'Own RE2 patterns.' }),
    path: oneOrMany(z.string().min(1))
      .optional()
      .meta({ description: 'Where to look: `body`, `attributes.user.email`, `attributes.**`. Default: everywhere.' }),
    key: oneOrMany(z.string().min(1))
      .optional()
      .meta({ description: 'RE2 patterns for the name of the key; with `path`, both must hold.' }),
    where: z.record(z.string(), oneOrMany(scalar)).optional().meta({
      description:
        'Fields that must have one of the values, for example `resource.service.name: [auth, gateway]`, `severity`, `tag` or `event_name`.',
    }),
    except: z.array(exception).optional().meta({ description: 'Named exceptions from this rule.' }),
    seal: seal.optional().meta({ description: 'Replace by a JWE that the named recipients can open.' }),
    hash: hash.optional().meta({ description: 'Replace by a keyed pseudonym: equal values have equal pseudonyms.' }),
    mask: mask.optional().meta({ description: 'Replace by `****`.' }),
    drop: drop.optional().meta({ description: 'Remove.' }),
    tests: ruleTestsSchema
      .optional()
      .meta({ description: 'Records that the rule must act on, and records that it must leave alone.' }),
  })
  .refine(
    (rule) => [rule.seal, rule.hash, rule.mask, rule.drop].filter((action) => action !== undefined).length === 1,
    { message: 'a rule needs exactly one of seal, hash, mask and drop' },
  )
  .refine(
    (rule) =>
      rule.detect !== undefined || rule.pattern !== undefined || rule.path !== undefined || rule.key !== undefined,
    { message: 'a rule needs at least one of detect, pattern, path and key' },
  )
  .refine((rule) => (rule.mode === 'audit') === (rule.expires !== undefined), {
    message: '`mode: audit` needs `expires`, and nothing else does',
    path: ['expires'],
  })
  .refine((rule) => rule.near === undefined || rule.detect !== undefined || rule.pattern !== undefined, {
    message: '`near` needs something to look for: detect or pattern',
    path: ['near'],
  })
  .refine((rule) => rule.within === undefined || rule.near !== undefined, {
    message: '`within` needs `near`',
    path: ['within'],
  })
  .meta({ description: 'Where to look, for what, and what to do.' })

export type Rule = z.output<typeof ruleSchema>
export type RuleInput = z.input<typeof ruleSchema>

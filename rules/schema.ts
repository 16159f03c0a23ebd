import { z } from 'zod'

/** One or a list: rule files read better without brackets around a single entry. */
const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)])

const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'lower-case letters, digits, "-", "_" and ".", at most 64')

const scalar = z.union([z.string(), z.number(), z.boolean()])

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

const seal = z.strictObject({
  to: oneOrMany(z.string().min(1)).meta({
    description: 'Recipients and groups of the configuration that may open what the rule seals.',
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
  strict: z
    .boolean()
    .optional()
    .meta({ description: 'A key agreement of its own for each value. Default: sealing.strict of the configuration.' }),
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

/** One rule: where to look, for what, and what to do. */
export const ruleSchema = z
  .strictObject({
    id: identifier.meta({ description: 'Name of the rule; stable, since reports and metrics count by it.' }),
    title: z.string().min(1).optional().meta({ description: 'What the rule is for, in a few words.' }),
    detect: oneOrMany(z.string().min(1)).optional().meta({ description: 'Detectors of the catalogue.' }),
    pattern: oneOrMany(z.string().min(1)).optional().meta({ description: 'Own RE2 patterns.' }),
    path: oneOrMany(z.string().min(1))
      .optional()
      .meta({ description: 'Where to look: `body`, `attributes.user.email`, `attributes.**`. Default: everywhere.' }),
    key: oneOrMany(z.string().min(1))
      .optional()
      .meta({ description: 'RE2 patterns for the name of the key; with `path`, both must hold.' }),
    where: z.record(z.string(), oneOrMany(scalar)).optional().meta({
      description: 'Fields that must have one of the values, for example `resource.service.name: [auth, gateway]`.',
    }),
    except: z.array(exception).optional().meta({ description: 'Named exceptions from this rule.' }),
    seal: seal.optional().meta({ description: 'Replace by a JWE that the named recipients can open.' }),
    hash: hash.optional().meta({ description: 'Replace by a keyed pseudonym: equal values have equal pseudonyms.' }),
    mask: mask.optional().meta({ description: 'Replace by `****`.' }),
    drop: drop.optional().meta({ description: 'Remove.' }),
  })
  .refine(
    (rule) => [rule.seal, rule.hash, rule.mask, rule.drop].filter((action) => action !== undefined).length === 1,
    {
      message: 'a rule needs exactly one of seal, hash, mask and drop',
    },
  )
  .refine(
    (rule) =>
      rule.detect !== undefined || rule.pattern !== undefined || rule.path !== undefined || rule.key !== undefined,
    {
      message: 'a rule needs at least one of detect, pattern, path and key',
    },
  )
  .meta({ description: 'Where to look, for what, and what to do.' })

/** A rule file. */
export const ruleFileSchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .meta({ description: 'In order: where two rules of the same action want the same text, the first has it.' }),
})

export type Rule = z.output<typeof ruleSchema>
export type RuleInput = z.input<typeof ruleSchema>
export type RuleFile = z.output<typeof ruleFileSchema>

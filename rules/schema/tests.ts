import { z } from 'zod'
import { identifier, oneOrMany, scalar } from './parts.ts'

const fields = z.record(z.string(), z.unknown())

/** A record, and what is expected to become of it. A text alone is the body. */
const caseSchema = z.union([
  z.string(),
  z.strictObject({
    name: z.string().min(1).optional().meta({ description: 'What the case shows.' }),
    body: z.unknown().optional().meta({ description: 'Body of the record.' }),
    attributes: fields.optional().meta({ description: 'Attributes of the record.' }),
    resource: fields.optional().meta({ description: 'Attributes of its resource.' }),
    scope: fields.optional().meta({ description: 'Attributes of its scope.' }),
    severity: scalar.optional().meta({ description: 'Severity of the record, as `where` reads it.' }),
    event_name: z.string().optional().meta({ description: 'Event name of the record.' }),
    path: z.string().min(1).optional().meta({ description: 'Where the rule acts, or keeps. Default: anywhere.' }),
    action: z
      .enum(['seal', 'hash', 'mask', 'drop'])
      .optional()
      .meta({ description: 'What becomes of it. Default: the action of the rule.' }),
    rule: identifier.optional().meta({ description: 'The rule that acts. Default: the rule that the case stands in.' }),
    except: identifier.optional().meta({ description: 'The exception by which it is kept.' }),
    recipients: oneOrMany(z.string().min(1)).optional().meta({
      description: 'Recipients and groups, as rules name them, that the value is sealed for.',
    }),
    after: z.unknown().optional().meta({
      description:
        'The value at `path`, or the body, afterwards; what is sealed reads `[sealed:<kind>]`, a pseudonym `[hashed:<key>]`, and null is what was removed.',
    }),
  }),
])

const cases = z.array(caseSchema).min(1)

/** Tests beside a rule. */
export const ruleTestsSchema = z.strictObject({
  seal: cases.optional().meta({ description: 'The rule acts here, whatever its action is.' }),
  keep: cases.optional().meta({ description: 'The rule leaves these alone.' }),
  todo_seal: cases.optional().meta({ description: 'The rule should act here and does not yet.' }),
  todo_keep: cases.optional().meta({ description: 'The rule should leave these alone and does not yet.' }),
})

export type RuleTests = z.output<typeof ruleTestsSchema>
export type RuleTestCase = z.output<typeof caseSchema>

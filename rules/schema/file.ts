import { z } from 'zod'
import { ownDetectorSchema } from './detector.ts'
import { ruleSchema } from './rule.ts'

/** What rule files may demand with `engine`: raised whenever a rule file can say something new. */
export const ENGINE_VERSION = 1

/** A rule file. */
export const ruleFileSchema = z.strictObject({
  engine: z
    .string()
    .regex(/^>=\d{1,4}$/, 'the least version of the engine, as ">=1"')
    .refine((demand) => Number(demand.slice(2)) <= ENGINE_VERSION, `this engine has version ${ENGINE_VERSION}`)
    .optional()
    .meta({ description: 'Least version of the engine that understands the file. This one is 1.', examples: ['>=1'] }),
  detectors: z.array(ownDetectorSchema).default([]).meta({ description: 'Detectors of your own, for all rule files.' }),
  rules: z
    .array(ruleSchema)
    .meta({ description: 'In order: where two rules of the same action want the same text, the first has it.' }),
})

export type RuleFile = z.output<typeof ruleFileSchema>
export type RuleFileInput = z.input<typeof ruleFileSchema>

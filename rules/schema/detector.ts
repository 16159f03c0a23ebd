import { z } from 'zod'
import { VALIDATOR_NAMES } from '../../detectors/validators.ts'
import { oneOrMany, within, words } from './parts.ts'

/** A detector of one's own, in a rule file. */
export const ownDetectorSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, 'lower-case words joined by "_"')
      .max(64)
      .meta({ description: 'Name for `detect`; no detector of the catalogue has it.' }),
    title: z.string().min(1).optional().meta({ description: 'What it finds, in a few words.' }),
    description: z.string().min(1).optional().meta({ description: 'What it finds and what it misses.' }),
    pattern: oneOrMany(z.string().min(1)).meta({ description: 'RE2 patterns of what it looks for.' }),
    validator: z
      .enum(VALIDATOR_NAMES)
      .optional()
      .meta({ description: 'What a match must pass: a checksum, or a detector of the catalogue.' }),
    alone: z.boolean().default(true).meta({
      description: 'A match counts only where no letter, digit or underscore stands beside it.',
    }),
    near: words.optional().meta({ description: 'Words of which one must stand near a match, or name its key.' }),
    within: within.optional().meta({ description: 'With `near`: characters between word and match. Default: 30.' }),
    low_entropy: z.boolean().default(false).meta({
      description: 'All possible values can be tried out, so that `hash` is refused.',
    }),
  })
  .refine((detector) => detector.within === undefined || detector.near !== undefined, {
    message: '`within` needs `near`',
    path: ['within'],
  })
  .meta({ description: 'A detector of your own.' })

export type OwnDetector = z.output<typeof ownDetectorSchema>
export type OwnDetectorInput = z.input<typeof ownDetectorSchema>

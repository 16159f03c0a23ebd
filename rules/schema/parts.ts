import { z } from 'zod'

/** One or a list: rule files read better without brackets around a single entry. */
export const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)])

export const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'lower-case letters, digits, "-", "_" and ".", at most 64')

export const scalar = z.union([z.string(), z.number(), z.boolean()])

/** Words that stand near a match. A space in one is any separator, or none. */
export const words = oneOrMany(
  z
    .string()
    .min(2)
    .max(64)
    .transform((word) => word.toLowerCase()),
)

export const within = z.int().min(1).max(200)

import { z } from 'zod'

/** Option `parse` of every source. */
export const parseBodies = z.enum(['none', 'json']).default('none').meta({
  description:
    '`json`: a body that is a JSON object or array in a text, as containers log it, is read as JSON: rules see its keys and paths (`body.user.email`), and what goes out is a text again.',
})

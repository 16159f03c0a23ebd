import { z } from 'zod'
import { byteSize } from '../../config/units.ts'
import { parseBodies } from '../reading.ts'

/** What every source of lines can be told. */
export const lineSettings = {
  format: z.enum(['json_lines', 'text']).default('json_lines').meta({
    description:
      'What a line is: a record where it is a JSON object and a text where it is not, or always a text. A line that begins as an object and is none is left out, and logged.',
  }),
  parse: parseBodies,
  batch: byteSize('256MiB')
    .prefault('1MiB')
    .meta({ description: 'Lines are sealed and passed on together, up to so many bytes.' }),
  max_line: byteSize('256MiB').prefault('1MiB').meta({
    description: 'Longest line. A longer one is left out, counted, and logged with its place; never with its content.',
  }),
}

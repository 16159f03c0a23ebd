import { z } from 'zod'
import { lineFormat } from '../line-format.ts'

/** Settings of `type: stdout` in `sinks`. */
export const stdoutSinkSettings = z
  .strictObject({
    type: z.literal('stdout').meta({
      description:
        'Lines on standard output; the log of the service goes to standard error. Once whoever read it has gone, the service stops.',
    }),
    format: lineFormat.default('json_lines').meta({
      description:
        '`json_lines`: a record a line, lines of a source as they came, sealed. `otlp_json`: one OTLP request a line.',
    }),
    required: z.boolean().default(true).meta({
      description:
        'Whether batches are acknowledged only once this sink has them. What a sink misses that is not required is lost to it, and counted.',
    }),
  })
  .meta({ title: 'stdout sink' })

export type StdoutSinkSettings = z.output<typeof stdoutSinkSettings>

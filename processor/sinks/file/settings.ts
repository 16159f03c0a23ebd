import { z } from 'zod'
import { path } from '../../config/network.ts'
import { byteSize, duration, wholeNumber } from '../../config/units.ts'
import { lineFormat } from '../line-format.ts'

/** Settings of `type: file` in `sinks`. */
export const fileSinkSettings = z
  .strictObject({
    type: z.literal('file').meta({
      description: 'Lines in a file, each as a whole or not at all.',
    }),
    path: path.meta({
      description:
        'The file. It is made with mode 0600; its folder must be there. Of several workers each has one of its own, `NAME.worker-1.EXT` and so on.',
      examples: ['sealed.jsonl'],
    }),
    format: lineFormat.default('otlp_json').meta({
      description:
        '`otlp_json`: one OTLP request a line, as the file exporter of the OpenTelemetry Collector writes them. `json_lines`: a record a line; lines of a source stay as they came, sealed.',
    }),
    required: z.boolean().default(true).meta({
      description:
        'Whether batches are acknowledged only once this sink has them. What a sink misses that is not required is lost to it, and counted.',
    }),
    sync: z.boolean().default(true).meta({
      description: 'Acknowledge only what is on the disk (fdatasync). Batches that come at the same time share one.',
    }),
    rotate: z
      .strictObject({
        size: byteSize('1TiB')
          .prefault('100MiB')
          .meta({ description: 'A file that would become larger is put aside.' }),
        age: duration('1s', '8784h')
          .optional()
          .meta({ description: 'A file that is older is put aside. Default: size alone decides.', examples: ['24h'] }),
        keep: wholeNumber(1, 100_000)
          .optional()
          .meta({
            description: 'Number of files put aside that are kept; the oldest is deleted. Default: all.',
            examples: [7],
          }),
      })
      .prefault({})
      .meta({ description: 'Files put aside are named `NAME-2026-11-24T18-30-05.123Z.EXT`.' }),
  })
  .meta({ title: 'file sink' })

export type FileSinkSettings = z.output<typeof fileSinkSettings>

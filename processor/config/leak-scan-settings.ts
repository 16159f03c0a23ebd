import { z } from 'zod'

/** What is done about values that are still in the clear when a batch is about to leave. */
export const leakScanSettings = z
  .strictObject({
    inline: z.enum(['report', 'seal', 'refuse', 'off']).default('report').meta({
      description:
        'What becomes of a value that a detector finds and no rule has acted on. `report` counts it, in the metrics `fieldseal.leak.*`. `seal` seals it for the recipient or group named `default`; where it stands in a field that is never altered, the record is refused. `refuse` does not send the record: clients of OTLP are told so (partial success), others are told that it was accepted, and it is counted.',
    }),
    independent: z
      .strictObject({
        sample: z
          .number()
          .min(0)
          .max(1)
          .default(0.02)
          .meta({ description: 'Share of the batches that it looks at, 0 to 1. What it costs grows with it.' }),
      })
      .prefault({})
      .meta({
        description:
          'A second scan, of the bytes as they leave, by code that shares nothing with what sealed them but the detectors: it sees mistakes that the first one shares. Of the service alone.',
      }),
    detectors: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({
        description:
          'Names of the detectors that are used. Default: all of the catalogue that count without being named in a rule.',
        examples: [['email', 'payment_card', 'iban']],
      }),
    ignore: z
      .array(z.string().min(1))
      .default([])
      .meta({
        description:
          'Paths that are not looked at, as rules write them: what stands there is known to be in the clear.',
        examples: [['attributes.client.address', 'resource.**']],
      }),
  })
  .prefault({})
  .meta({ description: 'The scan for what is still in the clear, whatever the rules say.' })

export type LeakScanSettings = z.output<typeof leakScanSettings>

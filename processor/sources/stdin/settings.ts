import { z } from 'zod'
import { duration } from '../../config/units.ts'
import { lineSettings } from '../lines/settings.ts'

/** Settings of `type: stdin` in `sources`. */
export const stdinSourceSettings = z
  .strictObject({
    type: z.literal('stdin').meta({
      description:
        'Lines of standard input. Once it has ended and all of it is passed on, the service stops, unless another source goes on. Needs `service.workers: 1`.',
    }),
    ...lineSettings,
    gather: duration('0ms', '1m')
      .prefault('200ms')
      .meta({ description: 'Time that a line may wait for others, to be sealed together with them.' }),
  })
  .meta({ title: 'stdin source' })

export type StdinSourceSettings = z.output<typeof stdinSourceSettings>

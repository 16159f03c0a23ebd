import { z } from 'zod'
import { duration } from '../../config/units.ts'

/** When a sink sends a batch again. @param what - after what, as the reference has it */
export function retrySettings(what: string) {
  return z
    .strictObject({
      first: duration('10ms', '1m').prefault('250ms').meta({ description: 'Wait before the first repetition.' }),
      longest: duration('10ms', '10m').prefault('5s').meta({
        description: 'Each wait is twice the one before, and random by half, up to this.',
      }),
      give_up: duration('0s', '1h').prefault('20s').meta({
        description: 'Time after which the batch is given back to the client, who still has it. 0s: no repetition.',
      }),
    })
    .prefault({})
    .meta({ description: what })
}

export type RetrySettings = z.output<ReturnType<typeof retrySettings>>

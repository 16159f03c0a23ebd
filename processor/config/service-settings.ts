import { z } from 'zod'
import { listenAddress, path } from './network.ts'
import { byteSize, duration, wholeNumber } from './units.ts'

/** What holds for the service as a whole. */
export const serviceSettings = z
  .strictObject({
    workers: z
      .union([wholeNumber(1, 256), z.literal('auto')])
      .default(1)
      .meta({ description: 'Processes behind one port, which share nothing. `auto`: one for each processor.' }),
    admin: z
      .union([
        z.strictObject({ listen: listenAddress.meta({ description: 'A loopback address with a port.' }) }),
        z.strictObject({ socket: path.meta({ description: 'A unix socket, mode 0600.' }) }),
      ])
      .prefault({ listen: '127.0.0.1:8890' })
      .meta({
        description: '`/livez`, `/readyz` and `/status`; for this machine alone.',
        examples: [{ socket: '/run/fieldseal/admin.sock' }],
      }),
    in_flight: z
      .strictObject({
        total: byteSize('64GiB').prefault('128MiB').meta({
          description: 'Bytes of all batches under way in one worker. Beyond it clients are told to come back (503).',
        }),
        connection: byteSize('64GiB').prefault('96MiB').meta({
          description: 'Bytes of one connection. Beyond it that client is told to come back (429).',
        }),
      })
      .prefault({})
      .meta({ description: 'Bounds on memory, counted before a request is inflated.' }),
    drain: duration('0s', '10m').prefault('10s').meta({
      description: 'Time that requests under way get at SIGTERM; a second SIGTERM ends them at once.',
    }),
    watch: z.boolean().default(true).meta({
      description:
        'Reload when the configuration, a rule file, a key, a certificate or a token changes, as SIGHUP does.',
    }),
  })
  .prefault({})
  .meta({ description: 'The service (`fieldseal run`).' })
export type ServiceSettings = z.output<typeof serviceSettings>

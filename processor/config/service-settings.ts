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
        z.strictObject({
          listen: listenAddress.meta({
            description: 'A loopback address with a port.',
            examples: ['127.0.0.1:8890'],
          }),
        }),
        z.strictObject({
          socket: path.meta({
            description: 'A unix socket, mode 0600.',
            examples: ['/run/fieldseal/admin.sock'],
          }),
        }),
      ])
      .prefault({ listen: '127.0.0.1:8890' })
      .meta({
        description: 'Where `/livez`, `/readyz`, `/status` and `/metrics` are answered, for this machine alone.',
      }),
    in_flight: z
      .strictObject({
        total: byteSize('64GiB').prefault('128MiB').meta({
          description:
            'Bytes of all connections of one worker together. Beyond it clients are told to come back later (503).',
        }),
        connection: byteSize('64GiB').prefault('96MiB').meta({
          description:
            'Bytes of one connection. Beyond it that client is told to come back later (429). `max_wire` and `max_inflated` of a source must fit into it together.',
        }),
      })
      .prefault({})
      .meta({
        description:
          'Bounds on memory, counted before it is spent: requests as they arrive, as they are inflated, and as they are sealed.',
      }),
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

import { z } from 'zod'
import { file, listenAddress, serverTls } from '../../config/network.ts'
import { byteSize, duration, wholeNumber } from '../../config/units.ts'
import { parseBodies } from '../reading.ts'

const NAME_EXPECTED = 'expected a text of 1 to 255 bytes, without control characters'

/** What stands in a message of the handshake. */
const name = z
  .string(NAME_EXPECTED)
  .regex(/^\P{Cc}{1,255}$/u, NAME_EXPECTED)
  .refine((text) => Buffer.byteLength(text) <= 255, NAME_EXPECTED)

const security = z
  .strictObject({
    shared_key: file.meta({
      description: 'File of one line, at least 16 bytes: the key that both sides know. It is proved, not sent.',
      examples: ['keys/forward.key'],
    }),
    hostname: name.optional().meta({
      description: 'Name of this side, other than that of each client. Default: `fieldseal@HOST`.',
      examples: ['sealer-1'],
    }),
    users: z
      .array(
        z.strictObject({
          name: name.meta({ description: 'Name of the user.', examples: ['app-1'] }),
          password: file.meta({
            description: 'File of one line, at least 8 bytes: the password of the user.',
            examples: ['keys/app-1.password'],
          }),
        }),
      )
      .default([])
      .meta({
        description: 'Where there are any, a client has to be one of them, beside knowing the key.',
        examples: [[{ name: 'app-1', password: 'keys/app-1.password' }]],
      }),
  })
  .meta({
    description:
      'The handshake of the protocol: nothing is taken of a client that has not proved that it knows the key. It encrypts nothing; that is what `tls` is for. The files are read again on each reload.',
  })

/** Settings of `type: forward` in `sources`. */
export const forwardSourceSettings = z
  .strictObject({
    type: z.literal('forward').meta({
      description:
        'Fluent Forward, as Fluentd, Fluent Bit, Docker and their libraries send it: all modes, compressed or not, over TCP.',
    }),
    listen: listenAddress.prefault('127.0.0.1:24224').meta({
      description: 'Address and port. Other than loopback needs `security`, `tls.client_ca`, or `insecure`.',
      examples: ['0.0.0.0:24224'],
    }),
    parse: parseBodies,
    tls: serverTls.optional(),
    security: security.optional(),
    insecure: z.boolean().default(false).meta({
      description: 'Lets everyone who reaches the address send records: without shared key and client certificates.',
    }),
    rejected: z.enum(['acknowledge', 'keep']).default('acknowledge').meta({
      description:
        'What becomes of a message with `chunk` that can never be accepted: malformed, over a limit, or refused by a backend for good. `acknowledge`: it is dropped, counted and logged, and acknowledged, since its client would send it again for as long as it can. `keep`: it is not acknowledged, and the connection is closed.',
    }),
    hold: duration('1s', '24h').prefault('10m').meta({
      description:
        'Time for which a message without `chunk` is tried again. Nobody else has it: while it waits, nothing more is read of its client; after that it is lost, counted and logged.',
    }),
    max_message: byteSize('1GiB')
      .prefault('20MiB')
      .meta({ description: 'Largest message as it is sent, compressed or not. Larger ones are `rejected`.' }),
    max_inflated: byteSize('1GiB')
      .prefault('64MiB')
      .meta({ description: 'Largest message after decompression. Larger ones are `rejected`.' }),
    max_connections: wholeNumber(1, 1_000_000)
      .default(20_000)
      .meta({ description: 'Connections at the same time; others are closed at once.' }),
    handshake_timeout: duration('1s', '5m')
      .prefault('10s')
      .meta({ description: 'Time for the handshakes of TLS and of `security`, each.' }),
    message_timeout: duration('1s', '30m').prefault('30s').meta({
      description: 'Time for a whole message to arrive, and for a client to read what is written to it.',
    }),
    idle_timeout: duration('1s', '24h').prefault('1h').meta({
      description:
        'Time that a connection may be without a message. Clients that want no acknowledgement can lose what they send just then.',
    }),
    keepalive: z.boolean().default(true).meta({
      description: 'Whether a connection takes more than one message. Fluentd makes a new one for each by itself.',
    }),
    udp_heartbeat: z.boolean().default(false).meta({
      description:
        'Answers heartbeats over UDP on the same port, as `heartbeat_type udp` of Fluentd wants them: one byte for each datagram, to everyone.',
    }),
  })
  .meta({ title: 'forward source' })

export type ForwardSourceSettings = z.output<typeof forwardSourceSettings>

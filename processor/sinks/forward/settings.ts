import { z } from 'zod'
import { clientTls, file, listenAddress } from '../../config/network.ts'
import { duration, wholeNumber } from '../../config/units.ts'
import { retrySettings } from '../retry/settings.ts'

const NAME_EXPECTED = 'expected a text of 1 to 255 bytes, without control characters'

/** What stands in a message of the handshake, or before a chunk. */
const name = z
  .string(NAME_EXPECTED)
  .regex(/^\P{Cc}{1,255}$/u, NAME_EXPECTED)
  .refine((text) => Buffer.byteLength(text) <= 255, NAME_EXPECTED)

/** Settings of `type: forward` in `sinks`. */
export const forwardSinkSettings = z
  .strictObject({
    type: z.literal('forward').meta({
      description: 'Fluent Forward, as Fluentd and Fluent Bit take it: PackedForward over TCP, with acknowledgements.',
    }),
    endpoints: z
      .array(listenAddress.refine(({ port }) => port > 0, 'a port is from 1 to 65535'))
      .min(1)
      .max(64)
      .meta({
        description:
          'Addresses with ports. One that fails is left alone for a while, longer each time, and the others take its batches.',
        examples: [['aggregator-1.example.com:24224', 'aggregator-2.example.com:24224']],
      }),
    distribution: z.enum(['round_robin', 'first']).default('round_robin').meta({
      description:
        '`round_robin`: endpoints take turns, as in Fluentd. `first`: the first one that works takes everything, and the others stand by.',
    }),
    required: z.boolean().default(true).meta({
      description:
        'Whether batches are acknowledged only once this sink has them. What a sink misses that is not required is lost to it, and counted.',
    }),
    tag: name.optional().meta({
      description:
        'Tag of everything that is sent. Default: the tag that it came with, or the attribute `fluent.tag`, or `fieldseal`.',
      examples: ['sealed.app'],
    }),
    otlp_metadata: z.boolean().default(false).meta({
      description:
        'Of records that came as OTLP: keep everything, as Fluent Bit has it, in groups and metadata. Default: one flat record with a body and attributes, as every receiver understands it.',
    }),
    require_ack: z.boolean().default(true).meta({
      description:
        'Accept a batch only once the receiver has acknowledged it. Without, it is accepted once it is written: what a receiver loses before it has read it is lost.',
    }),
    compression: z.enum(['none', 'gzip']).default('none').meta({
      description: 'gzip costs several times as much as everything else; use it where the network is what is scarce.',
    }),
    security: z
      .strictObject({
        shared_key: file.meta({
          description: 'File of one line: the key that both sides know. It is proved, not sent.',
          examples: ['keys/forward.key'],
        }),
        hostname: name.optional().meta({
          description:
            'Name of this side (`self_hostname`), other than that of the receiver. Default: `fieldseal-sink@HOST`.',
          examples: ['sealer-1'],
        }),
        user: name.optional().meta({
          description: 'For receivers that want a user; needs `password`.',
          examples: ['sealer'],
        }),
        password: file.optional().meta({
          description: 'File of one line: the password of `user`.',
          examples: ['keys/forward.password'],
        }),
      })
      .optional()
      .meta({
        description:
          'The handshake of the protocol: each side proves to the other that it knows the key, before any record is sent. It encrypts nothing; that is what `tls` is for. The files are read again on each reload.',
      }),
    tls: clientTls
      .extend({
        server_name: z
          .string()
          .regex(/^[A-Za-z0-9.-]{1,253}$/, 'expected a host name')
          .optional()
          .meta({
            description: 'Name that the certificate must have. Default: the host of the endpoint.',
            examples: ['aggregator.example.com'],
          }),
      })
      .optional()
      .meta({
        description: 'TLS 1.2 and 1.3; `{}` trusts the authorities of Node. The files are read again on each reload.',
      }),
    chunks: wholeNumber(1, 1024).default(16).meta({
      description: 'Batches under way at the same time, on the one connection to each endpoint.',
    }),
    connect_timeout: duration('100ms', '1m')
      .prefault('5s')
      .meta({ description: 'Time for a connection to be made, with TLS and handshake.' }),
    ack_timeout: duration('100ms', '10m').prefault('10s').meta({
      description:
        "Time for a batch to be written and acknowledged. Fluentd's own 190s would outlast every client; a receiver acknowledges what it has buffered within milliseconds.",
    }),
    retry: retrySettings(
      'After lost connections and missing acknowledgements a batch goes to another endpoint at once. These are the times for which an endpoint is left alone that has failed; a batch waits for it only where no other works.',
    ),
  })
  .meta({ title: 'forward sink' })

export type ForwardSinkSettings = z.output<typeof forwardSinkSettings>

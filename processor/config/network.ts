import { z } from 'zod'
import { Secret } from '../secret.ts'

/** Formats of the JSON Schema, by which options that name files are found. */
export const FILE_FORMAT = 'file'
export const PATH_FORMAT = 'path'

/** A file that is read, relative to the folder of the configuration. */
export const file = z.string().min(1).meta({ format: FILE_FORMAT })

/** A file or socket that is made, relative to the folder of the configuration. */
export const path = z.string().min(1).meta({ format: PATH_FORMAT })

const LISTEN = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/
const LISTEN_EXPECTED = 'expected an address with a port, such as 127.0.0.1:4318 or [::1]:4318'

export interface ListenAddress {
  /** Without brackets. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

/** `host:port` in the configuration. */
export const listenAddress = z
  .string(LISTEN_EXPECTED)
  .regex(LISTEN, LISTEN_EXPECTED)
  .refine((text) => Number(LISTEN.exec(text)?.[2] ?? 0) <= 65_535, 'a port is at most 65535')
  .transform((text): ListenAddress => {
    const [, host = '', port = ''] = LISTEN.exec(text) ?? []
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  })

/** Whether only programs of this machine can reach the address. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** Files of a server that speaks TLS. */
export const serverTls = z
  .strictObject({
    cert: file.meta({
      description: 'PEM file with the certificate, and those between it and the root.',
      examples: ['tls/server.pem'],
    }),
    key: file.meta({ description: 'PEM file with the private key of `cert`.', examples: ['tls/server.key'] }),
    client_ca: file.optional().meta({
      description: 'PEM file of the authorities whose client certificates are let in. Others are refused (mutual TLS).',
      examples: ['tls/clients-ca.pem'],
    }),
  })
  .meta({ description: 'TLS 1.2 and 1.3. The files are read again on each reload.' })
export type ServerTls = z.output<typeof serverTls>

/** Files of a client that speaks TLS. */
export const clientTls = z
  .strictObject({
    ca: file.optional().meta({
      description: 'PEM file of the authorities to trust, instead of those of Node.',
      examples: ['tls/backend-ca.pem'],
    }),
    cert: file.optional().meta({
      description: 'PEM file with the client certificate (mutual TLS); needs `key`.',
      examples: ['tls/client.pem'],
    }),
    key: file.optional().meta({
      description: 'PEM file with the private key of `cert`.',
      examples: ['tls/client.key'],
    }),
  })
  .meta({ description: 'For an `https` endpoint. The files are read again on each reload.' })
export type ClientTls = z.output<typeof clientTls>

/** Files of bearer tokens: a request needs one of them. */
export const tokenFiles = z
  .array(file)
  .default([])
  .meta({
    description:
      'Files that hold one bearer token each (RFC 6750), at least 16 characters. A request needs one of them. Read again on each reload.',
    examples: [['keys/collector.token']],
  })

const HEADER_EXPECTED = 'expected one line of printable ASCII'

/** The value of a header, which must not be printed: it may hold a token. Narrower than RFC 9110 section 5.5. */
export const secretText = z
  .string(HEADER_EXPECTED)
  .regex(/^[\t\x20-\x7e]*$/, HEADER_EXPECTED)
  .transform((text) => new Secret(Buffer.from(text)))

/**
 * Whether a Host header, `host[:port]` (RFC 9110, 7.2), is of this machine. A page in a browser can have its own name resolved
 * to this machine (DNS rebinding), and then reads what it likes; who sends no header is no browser.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return true
  const name = host.toLowerCase().replace(/:\d*$/, '')
  return isLoopback({ host: name.replace(/^\[(.*)\]$/, '$1'), port: 0 })
}

import type { SecureContext } from 'node:tls'
import { ChannelCredentials, Client, compressionAlgorithms } from '@grpc/grpc-js'
import '../../http/grpc.ts'
import { USER_AGENT } from '../../http/user-agent.ts'
import type { OtlpGrpcSinkSettings } from './settings.ts'

/** What is read of an answer before its call is ended. */
const MOST_BYTES = 64 * 1024

/** Megabytes that Node may keep for what a backend sends and nobody asked for. */
const SESSION_MEGABYTES = 64

/**
 * The way to a backend: one connection, which grpc-js opens when it is needed. It sends no pings of its own, since
 * servers of other libraries close connections on which they come more often than every five minutes.
 */
export class Channel {
  readonly #open: () => Client
  #client: Client

  /** @param secureContext - where the backend speaks TLS. */
  constructor({ endpoint, compression, retry }: OtlpGrpcSinkSettings, secureContext: SecureContext | undefined) {
    const credentials =
      secureContext === undefined
        ? ChannelCredentials.createInsecure()
        : // Said here, since NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise turn it off.
          ChannelCredentials.createFromSecureContext(secureContext, { rejectUnauthorized: true })
    const options = {
      'grpc.primary_user_agent': USER_AGENT,
      'grpc.default_compression_algorithm': compressionAlgorithms[compression === 'gzip' ? 'gzip' : 'identity'],
      'grpc.max_receive_message_length': MOST_BYTES,
      'grpc-node.max_session_memory': SESSION_MEGABYTES,
      'grpc.initial_reconnect_backoff_ms': retry.first,
      'grpc.max_reconnect_backoff_ms': Math.max(retry.first, retry.longest),
      'grpc.dns_min_time_between_resolutions_ms': retry.longest,
      // What is sent where is said by the configuration alone: neither by TXT records nor by http_proxy.
      'grpc.service_config_disable_resolution': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_channelz': 0,
    }
    const target = endpoint.replace(/^https?:\/\//, 'dns:')
    this.#open = () => new Client(target, credentials, options)
    this.#client = this.#open()
  }

  get client(): Client {
    return this.#client
  }

  /** After a call of this client had no answer: further ones go over another connection, those under way go on. */
  renew(client: Client): void {
    if (client !== this.#client) return
    this.#client = this.#open()
    client.close()
  }

  close(): void {
    this.#client.close()
  }
}

import { encode } from '@msgpack/msgpack'
import { forwardSource } from '../../../../processor/sources/forward/source.ts'
import type { Source } from '../../../../processor/sources/source.ts'
import { type Sending, type SourceDriver, type sourceContext, type Told, testSource } from '../suite.ts'
import { messageMode, RawClient, settingsOf } from './fixtures.ts'

/** What was logged by the source at an address: a client is told nothing but an acknowledgement, or none. */
const logs = new Map<Source, ReturnType<typeof sourceContext>['lines']>()

const linesAt = (address: string) => [...logs].find(([source]) => source.address === address)?.[1] ?? []

function exchange(address: string, bytes: Buffer): Sending & { readonly sent: Promise<void> } {
  const client = new RawClient(Number(address.split(':').at(-1)))
  const lines = linesAt(address)
  const seen = lines.length
  const sent = client.write(bytes)
  const told = client.until(1).then(async (): Promise<Told> => {
    const acked = (await client.acks()).length > 0
    client.socket.end()
    const { ended } = client
    // What the service says to its operator, where the protocol has no words for the client.
    const logged = lines.slice(seen).filter(([event]) => event.startsWith('message-') || event === 'client-refused')
    const text = `${client.received.toString('latin1')} ${JSON.stringify(logged)}`
    if (acked) {
      const rejected = logged.some(([event]) => event === 'message-rejected')
      return { outcome: rejected ? 'refused' : 'accepted', retryable: false, text }
    }
    return { outcome: ended && logged.length > 0 ? 'refused' : 'nothing', retryable: true, text }
  })
  return { told, sent, cut: () => client.socket.resetAndDestroy() }
}

const driver: SourceDriver = {
  create: (context, port = 0) => {
    const options = { listen: `127.0.0.1:${port}`, message_timeout: '1s' }
    const source = forwardSource(settingsOf(options), context)
    logs.set(source, (context as ReturnType<typeof sourceContext>).lines)
    return source
  },
  batch: (text) => messageMode(text, { chunk: 'p8n9gmxTQVC8/nh2wlKKeQ==\n' }),
  send: exchange,
  sendPart: async (address, bytes) => {
    const sending = exchange(address, bytes.subarray(0, -10))
    await sending.sent
    return sending
  },
  sendGarbage: (address, text) => exchange(address, Buffer.from(encode(text))),
  overhead: 0,
}

testSource('forward', driver)

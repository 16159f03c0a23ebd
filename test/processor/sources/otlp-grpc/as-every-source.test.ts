import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { EXPORT_LOGS } from '../../../../processor/http/grpc.ts'
import { STREAM_WINDOW } from '../../../../processor/sources/otlp-grpc/connection.ts'
import { otlpGrpcSource } from '../../../../processor/sources/otlp-grpc/source.ts'
import { type Sending, type SourceDriver, type Told, testSource } from '../suite.ts'
import { batchOf, framed, settingsOf } from './fixtures.ts'

/** OTLP specification, "Failures" of gRPC; RESOURCE_EXHAUSTED is one of them where it comes with RetryInfo. */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15])

/** One call on a connection of its own, over Node's own HTTP/2: all that comes is kept as text. */
function exchange(address: string, bytes: Buffer, last: boolean): Sending & { readonly sent: Promise<void> } {
  const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1')
  const session = connectHttp2(`http://${address}`, { createConnection: () => socket })
  session.on('error', () => {})
  const headers = { ':method': 'POST', ':path': EXPORT_LOGS, 'content-type': 'application/grpc', te: 'trailers' }
  const stream = session.request(headers)
  let text = ''
  let code: number | undefined
  const see = (came: Record<string, unknown>) => {
    text += decodeURI(JSON.stringify(came))
    if (came['grpc-status'] !== undefined) code = Number(came['grpc-status'])
  }
  stream.on('response', see)
  stream.on('trailers', see)
  stream.on('data', (part: Buffer) => {
    text += part.toString('latin1')
  })
  stream.on('error', () => {})
  const sent = new Promise<void>((resolve) => stream.write(bytes, () => resolve()))
  if (last) stream.end()
  const told = new Promise<Told>((resolve) => {
    stream.once('close', () => {
      session.destroy()
      const outcome = code === undefined ? 'nothing' : code === 0 ? 'accepted' : 'refused'
      resolve({ outcome, retryable: RETRYABLE.has(code ?? -1), text })
    })
  })
  return { told, sent, cut: () => socket.resetAndDestroy() }
}

const driver: SourceDriver = {
  create: (context, port = 0) => otlpGrpcSource(settingsOf({ listen: `127.0.0.1:${port}` }), context),
  batch: batchOf,
  send: (address, batch) => exchange(address, framed(batch), true),
  sendPart: async (address, batch) => {
    const sending = exchange(address, framed(batch).subarray(0, -10), false)
    await sending.sent
    return sending
  },
  sendGarbage: (address, text) => {
    const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1')
    let came = ''
    socket.on('data', (part) => {
      came += part.toString('latin1')
    })
    socket.on('error', () => {})
    socket.write(`${text}\0${text}\r\n\r\n`)
    const told = new Promise<Told>((resolve) => {
      socket.once('close', () => resolve({ outcome: 'nothing', retryable: false, text: came }))
    })
    return { told, cut: () => socket.resetAndDestroy() }
  },
  // The window and the call itself.
  overhead: STREAM_WINDOW + 8 * 1024,
}

testSource('otlp_grpc', driver)

import { connect } from 'node:net'
import { otlpHttpSource } from '../../../../processor/sources/otlp-http/source.ts'
import { type Sending, type SourceDriver, type Told, testSource } from '../suite.ts'
import { rawRequest, settingsOf } from './fixtures.ts'

const RETRYABLE = new Set([429, 502, 503, 504])

function exchange(address: string, bytes: Buffer): Sending & { readonly sent: Promise<void> } {
  const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1')
  let text = ''
  const sent = new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
  const told = new Promise<Told>((resolve) => {
    const answered = () => {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
      const outcome = status === 0 ? 'nothing' : status === 200 ? 'accepted' : 'refused'
      resolve({ outcome, retryable: RETRYABLE.has(status), text })
    }
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    socket.on('error', () => {})
    socket.once('close', answered)
  })
  return { told, sent, cut: () => socket.resetAndDestroy() }
}

/** The connection ends with the answer, so that the answer is all that has come by then. */
const lastRequest = (batch: Buffer) => rawRequest(batch, { Connection: 'close' })

/** ExportLogsServiceRequest with one record, whose body is a text. */
function batch(text: string): Buffer {
  const field = (number: number, content: Buffer): Buffer => {
    const head: number[] = [(number << 3) | 2]
    let rest = content.length
    for (; rest > 0x7f; rest >>>= 7) head.push((rest & 0x7f) | 0x80)
    return Buffer.concat([Buffer.from([...head, rest]), content])
  }
  return field(1, field(2, field(2, field(5, field(1, Buffer.from(text))))))
}

const driver: SourceDriver = {
  create: (context, port = 0) => otlpHttpSource(settingsOf({ listen: `127.0.0.1:${port}` }), context),
  batch,
  send: (address, bytes) => exchange(address, lastRequest(bytes)),
  sendPart: async (address, bytes) => {
    const sending = exchange(address, lastRequest(bytes).subarray(0, -10))
    await sending.sent
    return sending
  },
  sendGarbage: (address, text) => exchange(address, Buffer.from(`${text}\0${text}\r\n\r\n`)),
  overhead: 0,
}

testSource('otlp_http', driver)

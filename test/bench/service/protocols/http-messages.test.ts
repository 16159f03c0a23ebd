import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HttpMessageReader } from '../../../../bench/service/protocols/http-messages.ts'

interface Message {
  head: string
  body: string
}

function readAll(chunks: readonly Buffer[]): Message[] {
  const messages: Message[] = []
  let body = ''
  let head = ''
  const reader = new HttpMessageReader({
    head: (text) => {
      head = text
      body = ''
    },
    body: (bytes) => {
      body += bytes.toString('latin1')
    },
    end: () => messages.push({ head, body }),
  })
  for (const chunk of chunks) reader.push(chunk)
  return messages
}

/** Cuts a buffer at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

test('messages are the same wherever the connection cuts them', () => {
  const bodies = fc.array(fc.string({ maxLength: 40, unit: 'binary-ascii' }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(), { maxLength: 12 }), (texts, places) => {
      const sent = texts.map((body, index) => ({
        head: `POST /${index} HTTP/1.1\r\ncontent-length: ${body.length}`,
        body,
      }))
      const bytes = Buffer.from(sent.map(({ head, body }) => `${head}\r\n\r\n${body}`).join(''), 'latin1')
      expect(readAll(cut(bytes, places))).toEqual(sent)
    }),
  )
})

test('a message that is framed in another way is not guessed at', () => {
  expect(() => readAll([Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')])).toThrow(
    'a message without Content-Length',
  )
})

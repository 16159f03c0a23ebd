import { createServer } from 'node:net'

/**
 * Takes posts and answers 200: counts bytes instead of parsing, so that it is never what is waited for.
 * Prints its port.
 */
const REPLY = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n')

const server = createServer((socket) => {
  let missing = 0
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    let rest = chunk.length
    if (missing === 0) {
      const head = chunk.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, head))?.[1]
      if (head === -1 || length === undefined) {
        socket.destroy()
        return
      }
      missing = Number(length)
      rest -= head + 4
    }
    missing -= rest
    if (missing === 0) socket.write(REPLY)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})

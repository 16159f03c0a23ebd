/** Opens many connections to a port and says so; a process of its own, since each end needs a file descriptor. */
import { connect } from 'node:net'

const [port, count] = process.argv.slice(2).map(Number) as [number, number]
let open = 0
for (let index = 0; index < count; index += 1) {
  const socket = connect(port, '127.0.0.1', () => {
    open += 1
    // Half of them have begun to say something.
    if (index % 2 === 1) socket.write('POST /v1/logs HTTP/1.1\r\n')
    if (open === count) process.send?.('open')
  })
  socket.on('error', () => process.send?.('failed'))
}
process.on('disconnect', () => process.exit())

import { connect, type Socket } from 'node:net'
import { CONNECTIONS, HEADERS, type HttpClient, PATH } from './client.ts'

/**
 * As little as can be done: a constant head, and a reply that is taken to come in one piece. Nobody should ship this;
 * it says what a client of our own could gain at most.
 */
export function rawSocket(port: number): HttpClient {
  const idle: Connection[] = []
  let opened = 0
  return {
    post(body, done) {
      let connection = idle.pop()
      if (connection === undefined) {
        opened += 1
        if (opened > CONNECTIONS) throw new Error('more requests than connections')
        connection = open(port, idle)
      }
      connection.done = done
      connection.socket.cork()
      connection.socket.write(`${HEAD}${body.length}\r\n\r\n`, 'latin1')
      connection.socket.write(body)
      connection.socket.uncork()
    },
  }
}

const FIELDS = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`)
const HEAD = `POST ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\n${FIELDS.join('')}content-length: `

interface Connection {
  readonly socket: Socket
  done: (status: number) => void
}

function open(port: number, idle: Connection[]): Connection {
  const connection: Connection = { socket: connect(port, '127.0.0.1').setNoDelay(), done: () => {} }
  connection.socket.on('data', (reply) => {
    idle.push(connection)
    connection.done(Number(reply.toString('latin1', 9, 12)))
  })
  return connection
}

import { Agent, request } from 'node:http'
import { CONNECTIONS, HEADERS, type HttpClient, PATH } from './client.ts'

/** `node:http` with an agent that keeps connections open. */
export function nodeHttp(port: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'lifo' })
  return {
    post(body, done) {
      const headers = { ...HEADERS, 'content-length': body.length }
      const sent = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', agent, headers }, (response) => {
        response.on('data', () => {})
        response.on('end', () => done(response.statusCode ?? 0))
      })
      sent.on('error', () => done(0))
      sent.end(body)
    },
  }
}

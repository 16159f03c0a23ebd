/** Measures one client in this process: `node measure.ts NAME PORT BYTES SECONDS`. Prints `{posts, cpuSeconds, ...}`. */
import { CONNECTIONS, type HttpClient } from './client.ts'
import { nodeHttp } from './node-http.ts'
import { rawSocket } from './raw-socket.ts'
import { otlpHttpSink } from './sink.ts'
import { undiciDispatch } from './undici-dispatch.ts'
import { undiciRequest } from './undici-request.ts'

const CLIENTS: Record<string, (port: number) => HttpClient | Promise<HttpClient>> = {
  'raw socket': rawSocket,
  'undici dispatch': undiciDispatch,
  'undici request': undiciRequest,
  'node:http': nodeHttp,
  'otlp_http sink': otlpHttpSink,
}

const [name = '', port, bytes, seconds] = process.argv.slice(2)
const client = await CLIENTS[name]?.(Number(port))
if (client === undefined) throw new Error(`a client is one of ${Object.keys(CLIENTS).join(', ')}`)
const body = Buffer.alloc(Number(bytes), 'x')

/** Keeps all connections busy for as long, and waits for the last reply. @returns the number of replies. */
function post(milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds
  return new Promise((resolve, reject) => {
    let posts = 0
    let underWay = CONNECTIONS
    const next = (status: number): void => {
      posts += 1
      if (status !== 200) reject(new Error(`the reply was ${status}`))
      else if (performance.now() < end) client?.post(body, next)
      else underWay -= 1
      if (underWay === 0) resolve(posts)
    }
    for (let connection = 0; connection < CONNECTIONS; connection += 1) client?.post(body, next)
  })
}

await post(1000)
const wall = performance.now()
const before = process.cpuUsage()
const posts = await post(Number(seconds) * 1000)
const { user, system } = process.cpuUsage(before)
const wallSeconds = (performance.now() - wall) / 1000
process.stdout.write(`${JSON.stringify({ posts, user: user / 1e6, system: system / 1e6, wallSeconds })}\n`)
process.exit()

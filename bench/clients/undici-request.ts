import { Pool } from 'undici'
import { CONNECTIONS, HEADERS, type HttpClient, PATH } from './client.ts'

/** undici's interface of promises and streams. */
export function undiciRequest(port: number): HttpClient {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS, pipelining: 1, allowH2: false })
  const post = async (body: Buffer): Promise<number> => {
    const response = await pool.request({ path: PATH, method: 'POST', headers: HEADERS, body })
    await response.body.dump()
    return response.statusCode
  }
  return {
    post(body, done) {
      post(body).then(done, () => done(0))
    },
  }
}

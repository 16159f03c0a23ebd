/**
 * Which HTTP client costs least: `node bench/clients/run.ts [BYTES] [ROUNDS] [SECONDS]`.
 *
 * CPU time (all threads) of a process for each POST over loopback with 16 connections. The server runs on the first
 * core, the client on the last; clients take turns, each in a fresh process, and the median over the rounds counts.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pinnedCore } from '../pinning.ts'

const NAMES = ['raw socket', 'undici dispatch', 'otlp_http sink', 'undici request', 'node:http']
const [bytes = 340_000, rounds = 7, seconds = 2] = process.argv.slice(2).map(Number)

const core = pinnedCore()
const pinned = (to: number, ...command: string[]): [string, string[]] =>
  core === undefined ? [process.execPath, command] : ['taskset', ['-c', String(to), process.execPath, ...command]]

const server = spawn(...pinned(0, join(import.meta.dirname, 'server.ts')), { stdio: ['ignore', 'pipe', 'inherit'] })
const [port] = await once(server.stdout, 'data')
const figures = new Map(NAMES.map((name) => [name, [] as { cpu: number; user: number; wall: number }[]]))
for (let round = 0; round < rounds; round += 1) {
  const order = round % 2 === 0 ? NAMES : NAMES.toReversed()
  for (const name of order) {
    const given = [name, String(port).trim(), String(bytes), String(seconds)]
    const command = pinned(core ?? 0, '--single-threaded-gc', join(import.meta.dirname, 'measure.ts'), ...given)
    const { posts, user, system, wallSeconds } = JSON.parse(execFileSync(...command, { encoding: 'utf8' }))
    const per = 1e6 / posts
    figures.get(name)?.push({ cpu: (user + system) * per, user: user * per, wall: wallSeconds * per })
  }
}
server.kill()

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const where = core === undefined ? 'not pinned' : `server on core 0, client on core ${core}`
process.stdout.write(`POST of ${bytes} bytes, ${rounds} rounds of ${seconds} s, ${where}\n`)
process.stdout.write('client           | CPU us/POST (range)    | user us | wall us | MB per CPU-second\n')
for (const [name, runs] of figures) {
  const cpu = runs.map((run) => run.cpu)
  const middle = median(cpu)
  const range = `${middle.toFixed(0)} (${Math.min(...cpu).toFixed(0)}-${Math.max(...cpu).toFixed(0)})`
  const user = median(runs.map((run) => run.user)).toFixed(0)
  const wall = median(runs.map((run) => run.wall)).toFixed(0)
  const row = [name.padEnd(16), range.padEnd(22), user.padStart(7), wall.padStart(7), (bytes / middle).toFixed(0)]
  process.stdout.write(`${row.join(' | ')}\n`)
}

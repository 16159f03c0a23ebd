import { BackendArrivals } from '../canary/backend-arrivals.ts'
import { FileArrivals } from '../canary/file-arrivals.ts'
import { canaryKey } from '../canary/judge.ts'
import { MetricsListener } from '../canary/metrics-listener.ts'
import { CanaryMetrics } from '../canary/metrics-text.ts'
import { recordAt } from '../canary/planted.ts'
import { reportOf } from '../canary/report.ts'
import { CanaryRuns, type CanarySettings } from '../canary/runs.ts'
import type { AdminPlace } from '../canary/scan-page.ts'
import { type Endpoint, pause } from '../canary/send.ts'
import { SeveralArrivals } from '../canary/several-arrivals.ts'
import { loadConfig } from '../config/load.ts'
import { type ListenAddress, listenAddress } from '../config/network.ts'
import type { Settings } from '../config/schema.ts'
import { parseDuration } from '../config/units.ts'
import { FieldsealError } from '../errors.ts'
import { readClientTls } from '../http/client-tls.ts'
import { readTokens } from '../http/tokens.ts'
import { Secret } from '../secret.ts'
import { type CommandIo, defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { readKey } from './open.ts'

const OPTIONS = {
  config: { type: 'string', short: 'c', value: 'FILE', description: 'The configuration.', required: true },
  key: {
    type: 'string',
    short: 'k',
    value: 'FILE',
    description: 'A private JWK of a recipient of the configuration; one for each set of recipients at least.',
    required: true,
    multiple: true,
  },
  endpoint: {
    type: 'string',
    value: 'URL',
    description: 'The OTLP/HTTP source of the service; /v1/logs is added where there is no path.',
    required: true,
  },
  'expect-file': {
    type: 'string',
    value: 'FILE',
    description: 'A file that a sink writes, where the records come out.',
    multiple: true,
  },
  listen: {
    type: 'string',
    value: 'ADDRESS',
    description: 'Be the backend of an otlp_http sink at this loopback address.',
  },
  token: { type: 'string', value: 'FILE', description: 'A bearer token of the source.' },
  header: {
    type: 'string',
    value: 'NAME:FILE',
    description: 'A header of each request, whose value the file has on one line.',
    multiple: true,
  },
  ca: { type: 'string', value: 'FILE', description: 'PEM file of the authorities to trust.' },
  'client-cert': { type: 'string', value: 'FILE', description: 'PEM file with a client certificate.' },
  'client-key': { type: 'string', value: 'FILE', description: 'PEM file with its private key.' },
  plant: {
    type: 'string',
    value: 'PATH=VALUE',
    description: 'One more made-up value that the rules have to seal.',
    multiple: true,
  },
  admin: {
    type: 'string',
    value: 'ADDRESS',
    description:
      'Admin listener of the service: an address, or the path of a socket. Default: as the configuration says.',
  },
  'clear-path': {
    type: 'string',
    value: 'PATH',
    description: 'Where the canary in the clear stands. Default: an attribute that the rules leave alone.',
  },
  'without-clear': { type: 'boolean', description: 'Send none in the clear: the leak scan is not proved.' },
  timeout: { type: 'string', value: 'TIME', description: 'The longest that a run waits.', default: '30s' },
  every: { type: 'string', value: 'TIME', description: 'Go on until SIGTERM, with a run each time.' },
  'metrics-listen': {
    type: 'string',
    value: 'ADDRESS',
    description: 'With --every: a loopback address for /metrics.',
  },
} as const

/** `fieldseal canary`: proves from outside that a service seals. */
export const canaryCommand = defineCommand({
  name: 'canary',
  summary:
    'Sends made-up records through a running service, and sees behind it that each is sealed for whom the configuration says, that canary keys open it, and that the leak scan finds one in the clear.',
  usage: '-c FILE -k FILE --endpoint URL (--expect-file FILE | --listen ADDRESS) [options]',
  options: OPTIONS,
  run: ({ values }, io) =>
    reportingIssues(io.stderr, async () => {
      const load = () => loadConfig(values.config, { env: io.env })
      const { settings } = load()
      if (values.key.length === 0) throw usage('--key is missing')
      const places = [
        ...values['expect-file'].map((file) => new FileArrivals(file)),
        ...(values.listen === undefined ? [] : [new BackendArrivals(address(values.listen, '--listen'))]),
      ]
      if (places.length === 0) throw usage('say where the records come out: --expect-file or --listen')
      if (values['metrics-listen'] !== undefined && values.every === undefined)
        throw usage('--metrics-listen needs --every')
      const every = values.every === undefined ? undefined : time(values.every, '--every')
      const canary: CanarySettings = {
        load,
        keys: values.key.map((file) => canaryKey(readKey(file), settings.limits.value)),
        plants: values.plant.map(plant),
        endpoint: endpointOf(values),
        clear: values['without-clear']
          ? undefined
          : { admin: adminOf(values.admin, settings), path: checkedPath(values['clear-path']) },
        timeout: time(values.timeout, '--timeout'),
      }
      const runs = new CanaryRuns(canary, new SeveralArrivals(places))
      try {
        await runs.start()
        return every === undefined ? await once(runs, io) : await again(runs, every, values['metrics-listen'], io)
      } finally {
        await runs.close()
        for (const { opener } of canary.keys) opener.close()
      }
    }),
})

async function once(runs: CanaryRuns, io: CommandIo): Promise<number> {
  const result = await runs.run()
  io.stdout.write(reportOf(result))
  return result.faults.length === 0 ? 0 : 1
}

/** Until it is told to stop. What is wrong with the configuration ends the first run alone: later it may be mended. */
async function again(
  runs: CanaryRuns,
  every: number,
  metricsListen: string | undefined,
  io: CommandIo,
): Promise<number> {
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  process.once('SIGTERM', stop).once('SIGINT', stop)
  const metrics = new CanaryMetrics()
  const listener =
    metricsListen === undefined
      ? undefined
      : new MetricsListener(address(metricsListen, '--metrics-listen'), () => metrics.text())
  try {
    await listener?.start()
    if (listener !== undefined) io.stderr.write(`metrics: http://${listener.address}/metrics\n`)
    for (let number = 1; !stopped.signal.aborted; number += 1) {
      const start = Date.now()
      try {
        const result = await runs.run()
        metrics.add(result)
        io.stdout.write(reportOf(result))
      } catch (error) {
        if (number === 1 || !(error instanceof FieldsealError)) throw error
        // It proves nothing, and so nothing is counted as passed: CanaryMissing is the alert.
        io.stderr.write(`${error.code} ${error.message}\n`)
      }
      await pause(stopped.signal, Math.max(0, start + every - Date.now()))
    }
    return 0
  } finally {
    listener?.close()
    process.off('SIGTERM', stop).off('SIGINT', stop)
  }
}

function endpointOf(values: {
  readonly endpoint: string
  readonly token: string | undefined
  readonly header: readonly string[]
  readonly ca: string | undefined
  readonly 'client-cert': string | undefined
  readonly 'client-key': string | undefined
}): Endpoint {
  const url = URL.parse(values.endpoint)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw usage('--endpoint is a URL such as http://127.0.0.1:4318')
  if (url.pathname === '/') url.pathname = '/v1/logs'
  const headers: Record<string, Secret> = {}
  for (const header of values.header) {
    const [, name, file] = /^([\w-]+):(.+)$/.exec(header) ?? []
    if (name === undefined || file === undefined) throw usage('--header is NAME:FILE')
    headers[name.toLowerCase()] = readTokens([file])[0]!
  }
  if (values.token !== undefined) headers.authorization = bearer(readTokens([values.token])[0]!)
  const { ca, 'client-cert': cert, 'client-key': key } = values
  const tls = url.protocol === 'https:' ? readClientTls({ ca, cert, key }) : undefined
  return { url, headers, tls }
}

function bearer(token: Secret): Secret {
  return new Secret(Buffer.concat([Buffer.from('Bearer '), token.reveal()]))
}

function adminOf(given: string | undefined, { service }: Settings): AdminPlace {
  if (given?.startsWith('/')) return { socketPath: given }
  if (given !== undefined) return address(given, '--admin')
  return 'socket' in service.admin ? { socketPath: service.admin.socket } : service.admin.listen
}

function address(text: string, option: string): ListenAddress {
  const parsed = listenAddress.safeParse(text)
  if (parsed.success) return parsed.data
  throw usage(`${option} is an address with a port, such as 127.0.0.1:4320`)
}

function time(text: string, option: string): number {
  const milliseconds = parseDuration(text)
  // setTimeout takes no more.
  if (milliseconds === undefined || milliseconds < 1 || milliseconds > 2 ** 31 - 1)
    throw usage(`${option} is a time such as 60s`)
  return milliseconds
}

function plant(text: string): { path: string; value: string } {
  const end = text.indexOf('=')
  const path = checkedPath(end < 0 ? text : text.slice(0, end))!
  const value = end < 0 ? '' : text.slice(end + 1)
  if (value.length < 4) throw usage('--plant is PATH=VALUE, with a value of four characters at least')
  return { path, value }
}

function checkedPath(path: string | undefined): string | undefined {
  try {
    if (path !== undefined) recordAt(path, '')
  } catch {
    throw usage('that is no path; paths are as in rules, for example attributes.user.email')
  }
  return path
}

function usage(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_USAGE', message)
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RuleCount } from '../cells/cell.ts'
import type { KeyPair } from '../cells/key-pairs.ts'
import { freePorts, Program } from './program.ts'
import type { Protocol } from './protocols/protocol.ts'
import type { ServiceUnderTest } from './service-under-test.ts'

export interface ProductOptions {
  readonly protocol: Protocol
  readonly rules: RuleCount
  readonly workers: number
  readonly sinkPort: number
  /** Of the recipients; the service gets the public halves. */
  readonly pairs: readonly KeyPair[]
  readonly cores: string | undefined
}

const MAIN = fileURLToPath(new URL('../../dist/processor/cli/main.js', import.meta.url))

/** Starts the product as its users do: `fieldseal run -c config.yaml`, one protocol in and out, all else at its default. */
export async function startProduct(options: ProductOptions): Promise<ServiceUnderTest> {
  const [port, adminPort] = (await freePorts(2)) as [number, number]
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-bench-'))
  const config = join(folder, 'config.yaml')
  // YAML 1.2 has JSON in it.
  writeFileSync(config, JSON.stringify(configuration(options, port, adminPort)))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const program = await Program.start({
      name: 'service',
      args: [MAIN, 'run', '-c', config],
      cores: options.cores,
      ready: () => answers(`http://127.0.0.1:${adminPort}/readyz`),
    })
    const stop = async (): Promise<string[]> => {
      const problems = await program.stop()
      remove()
      return problems
    }
    return { pid: program.pid, port, stop }
  } catch (error) {
    remove()
    throw error
  }
}

function configuration({ protocol, rules, workers, sinkPort, pairs }: ProductOptions, port: number, adminPort: number) {
  return {
    recipients: Object.fromEntries(pairs.map(({ name, publicJwk }) => [name, { jwk: publicJwk }])),
    groups: { default: pairs.map(({ name }) => name) },
    rules: [fileURLToPath(new URL(`../rules/${rules}.yaml`, import.meta.url))],
    service: { workers, admin: { listen: `127.0.0.1:${adminPort}` } },
    sources: { in: protocol.source(port) },
    sinks: { out: protocol.sink(sinkPort) },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' } })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

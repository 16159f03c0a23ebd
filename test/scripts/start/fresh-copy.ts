import { once } from 'node:events'
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../docs/document.ts'

/** The ports of config.example.yaml. Tests take others, so that they can run beside each other and beside a service. */
const PORTS = ['4318', '8890']

export interface FreshCopy {
  readonly folder: string
  /** A command of the documentation, with the ports of this copy. */
  withPorts(text: string): string
}

/** A folder that looks like a fresh checkout after `npm ci`: nothing that is made in it gets into the project. */
export async function freshCopy(): Promise<FreshCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-copy-'))
  for (const name of ['node_modules', 'detectors', 'rules', 'processor', 'scripts', 'package.json'])
    symlinkSync(join(ROOT, name), join(folder, name))
  const free = await freePorts(PORTS.length)
  const withPorts = (text: string) =>
    PORTS.reduce((replaced, port, index) => replaced.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${free[index]}`), text)
  const example = readFileSync(join(ROOT, 'config.example.yaml'), 'utf8')
  writeFileSync(join(folder, 'config.example.yaml'), withPorts(example))
  return { folder, withPorts }
}

/** Ports that nobody listens on. All are taken at the same time, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

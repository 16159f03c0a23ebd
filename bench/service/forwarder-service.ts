import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { V8_OPTIONS } from '../../processor/cli/v8-options.ts'
import { SERVICE_OPTIONS } from '../../processor/service/hardening.ts'
import { freePorts, Program } from './program.ts'
import type { ServiceUnderTest } from './service-under-test.ts'

const FORWARDER = fileURLToPath(new URL('./forwarder.ts', import.meta.url))

/** Starts the floor: the product's source and sink with nothing between them, with the options that the service runs with. */
export async function startForwarder(sinkPort: number, cores: string | undefined): Promise<ServiceUnderTest> {
  const [port] = (await freePorts(1)) as [number]
  const program = await Program.start({
    name: 'forwarder',
    args: [...SERVICE_OPTIONS, ...V8_OPTIONS, FORWARDER, String(port), String(sinkPort)],
    cores,
    ready: () => listens(port),
  })
  return { pid: program.pid, port, stop: () => program.stop() }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

import type { AddressInfo, Server } from 'node:net'
import type { ListenAddress } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'

/** Connections that the system may hold until they are accepted; it has a limit of its own, too. */
const BACKLOG = 4096

/** Lets a server listen. @throws FieldsealError `FIELDSEAL_LISTEN_FAILED` */
export function listen(server: Server, { host, port }: ListenAddress, source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = ({ code = '' }: NodeJS.ErrnoException) => {
      const message = `source ${source} cannot listen on ${addressText({ address: host, port })}`
      reject(new FieldsealError('FIELDSEAL_LISTEN_FAILED', /^E[A-Z]+$/.test(code) ? `${message} (${code})` : message))
    }
    server.once('error', failed)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

/** Where a server listens, as `127.0.0.1:4318`; empty where it does not. */
export function addressOf(server: Server | undefined): string {
  const address = server?.address() as AddressInfo | null | undefined
  return address ? addressText(address) : ''
}

function addressText({ address, port }: Pick<AddressInfo, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

import { forward } from './forward.ts'
import { grpc } from './grpc.ts'
import { http } from './http.ts'
import type { Protocol } from './protocol.ts'

/** What services are measured with: one line each. */
export const PROTOCOLS = { http, forward, grpc } as const satisfies Record<string, Protocol>

export type ProtocolName = keyof typeof PROTOCOLS

import type { Socket } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import { asItIs, EXPORT_LOGS } from '../../http/grpc.ts'
import type { Deliver } from '../source.ts'
import { ExportCall, type Received } from './call.ts'
import type { Gate } from './gate.ts'
import { exportHandler } from './handler.ts'
import type { OtlpGrpcSourceSettings } from './settings.ts'

/** Megabytes that Node may keep for one connection: headers, and what the client does not take. */
const SESSION_MEGABYTES = 10

/** Milliseconds, as good as none: who drains says by `close` how long it may take. */
const NO_HURRY = 2 ** 31 - 1

/** A gRPC server that does not listen: it is given its connections. */
export interface GrpcServer {
  /** @param socket - which carries HTTP/2 from now on. */
  serve(socket: Socket): void
  /** Tells every client that there will be no further call (GOAWAY), and closes what has none. */
  goAway(): void
  close(): void
}

/**
 * What remains are limits of Node's own: 128 headers of 64 KiB together for each call, 1000 streams that a client resets
 * (and 33 more each second), 100 that are refused, 10 pings of ours that are not answered. A client's pings are answered,
 * however often they come.
 */
export function makeServer(settings: OtlpGrpcSourceSettings, gate: Gate, deliver: Deliver): GrpcServer {
  const server = new Server({
    'grpc.max_concurrent_streams': settings.max_calls,
    'grpc.max_connection_idle_ms': settings.idle_timeout,
    'grpc-node.max_session_memory': SESSION_MEGABYTES,
    'grpc.enable_channelz': 0,
    interceptors: [(_method, call) => new ExportCall(call, gate)],
  })
  server.register<Received, Buffer>(EXPORT_LOGS, exportHandler(deliver), asItIs, neverDecoded, 'unary')
  // TLS, where there is any, has been taken off.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  return {
    serve: (socket) => injector.injectConnection(socket),
    goAway: () => injector.drain(NO_HURRY),
    close: () => server.forceShutdown(),
  }
}

/** Messages are read by `ExportCall`. What came by another way would not have been counted, and is not taken. */
function neverDecoded(): never {
  throw new FieldsealError('FIELDSEAL_INTERNAL', 'a message was not counted')
}

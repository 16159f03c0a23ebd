import { setLogger } from '@grpc/grpc-js'

// Where the environment asks for it (GRPC_TRACE), grpc-js writes metadata, and so tokens, to standard error.
setLogger({})

/** opentelemetry/proto/collector/logs/v1/logs_service.proto: the one method that there is. */
export const EXPORT_LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export'

/** The codec of messages that pass as they are. */
export function asItIs(bytes: Buffer): Buffer {
  return bytes
}

/** The trailer with the google.rpc.Status of an error, as gRPC's own libraries have it. */
export const STATUS_DETAILS = 'grpc-status-details-bin'

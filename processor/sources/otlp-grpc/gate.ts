import type { Metadata } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import type { BearerTokens } from '../../http/tokens.ts'
import type { BodyLimits } from '../otlp-http/chunks.ts'
import type { RoomLimits } from '../otlp-http/room.ts'
import { RPC_CODES } from '../otlp-http/status.ts'
import type { Connection } from './connection.ts'
import type { Ends } from './connections.ts'
import { type CallRefusal, refusalOfBatch } from './refusal.ts'

/** What calls are let in by. What can change is asked for once for each call. */
export interface Gate {
  readonly connection: (ends: Ends) => Connection | undefined
  readonly limits: BodyLimits
  readonly room: RoomLimits
  /** Milliseconds for a message to arrive, and for an answer to be taken. */
  readonly timeout: number
  readonly tokens: () => BearerTokens
  readonly draining: () => boolean
}

/** In this order: whether the service takes calls, and who sends this one. @returns undefined where it may go on. */
export function refusalAtGate(gate: Gate, connection: Connection, metadata: Metadata): CallRefusal | undefined {
  if (gate.draining()) return refusalOfBatch(new FieldsealError('FIELDSEAL_DRAINING', 'the service is stopping'))
  if (connection.dismissed) return unauthenticated('the authority of the certificate is not known here any more')
  // grpc-js takes a value apart at each comma; a token may have one.
  if (!gate.tokens().accept(metadata.get('authorization').join(',')))
    return unauthenticated('the call has no token that is known here')
  return undefined
}

function unauthenticated(message: string): CallRefusal {
  return { code: RPC_CODES.UNAUTHENTICATED, error: new FieldsealError('FIELDSEAL_UNAUTHENTICATED', message) }
}

import type { handleUnaryCall, Metadata } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import { refused, type Settlement } from '../../pipeline/settlement.ts'
import { acceptedAnswer } from '../otlp-http/answer.ts'
import type { Deliver } from '../source.ts'
import type { Received } from './call.ts'
import { refusalOfBatch, statusOf } from './refusal.ts'

/** Delivers what a call has brought, and answers with what became of it. */
export function exportHandler(deliver: Deliver): handleUnaryCall<Received, Buffer> {
  return async ({ request, metadata }, answer) => {
    const settlement = await settle(deliver, request, traceparentOf(metadata))
    if (settlement.outcome === 'accepted') answer(null, acceptedAnswer(settlement.rejected, 'protobuf').body)
    else answer(statusOf(refusalOfBatch(settlement.error, settlement.retryAfterMs)))
  }
}

/** What stands there twice is no good. */
function traceparentOf(metadata: Metadata): string | undefined {
  const [value, ...others] = metadata.get('traceparent')
  return typeof value === 'string' && others.length === 0 ? value : undefined
}

async function settle(
  deliver: Deliver,
  { bytes, reservation, signal }: Received,
  traceparent: string | undefined,
): Promise<Settlement> {
  try {
    return await deliver({ bytes, format: 'otlp-protobuf', reservation, signal, traceparent })
  } catch {
    return refused(new FieldsealError('FIELDSEAL_INTERNAL', 'the batch was not settled'))
  } finally {
    reservation.release()
  }
}

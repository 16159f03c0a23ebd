import { status } from '@grpc/grpc-js'
import { requestType } from '../../../../bench/checks/otlp-messages.ts'
import { testSink } from '../suite.ts'
import { QUICK, sinkTo } from './fixtures.ts'
import { fail, GrpcPeer, ok } from './peers.ts'

const SAYS = 'quota-of-tenant-4711-used-up'

/** The suite sends OTLP JSON, which arrives as protobuf: by somebody else's decoder it is the same again. */
function asJson(message: Buffer): Buffer {
  return Buffer.from(JSON.stringify(requestType.toObject(requestType.decode(message), { longs: String })))
}

testSink('the otlp_grpc sink', async () => {
  const peer = await new GrpcPeer().listen()
  let refusing = false
  const taken: Buffer[] = []
  peer.answer((respond, call) => {
    if (refusing) {
      fail(status.UNAVAILABLE, undefined, SAYS)(respond, call)
    } else {
      taken.push(asJson(call.message))
      ok(respond, call)
    }
  })
  return {
    says: SAYS,
    create: (context, { required = true } = {}) =>
      sinkTo(peer.url, { required, retry: { ...QUICK, give_up: '30ms' } }, context),
    received: async () => taken,
    refuse: () => {
      refusing = true
    },
    recover: () => {
      refusing = false
    },
    close: async () => peer.close(),
  }
})

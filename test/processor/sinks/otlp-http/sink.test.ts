import { testSink } from '../suite.ts'
import { QUICK, sinkTo } from './fixtures.ts'
import { answer, HttpPeer } from './peers.ts'

const SAYS = 'quota-of-tenant-4711-used-up'

testSink('the otlp_http sink', async () => {
  const peer = await new HttpPeer().listen()
  let refusing = false
  const taken: Buffer[] = []
  peer.answer((response, request) => {
    if (refusing) {
      answer(
        503,
        { 'x-reason': SAYS, 'content-type': 'application/json' },
        JSON.stringify({ message: SAYS }),
      )(response, request)
    } else {
      taken.push(request.body)
      response.end()
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
    close: () => peer.close(),
  }
})

import { once } from 'node:events'
import { createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { checkBodies, checkDelivery } from '../../../bench/service/check-delivery.ts'
import { LoadGenerator } from '../../../bench/service/load-generator.ts'
import { sequenceOf, withoutMarker } from '../../../bench/service/marker.ts'
import { http } from '../../../bench/service/protocols/http.ts'
import { PROTOCOLS } from '../../../bench/service/protocols/index.ts'
import type { Backend } from '../../../bench/service/protocols/protocol.ts'
import { WORKLOADS } from '../../../bench/workloads/index.ts'

const bodies = [Buffer.alloc(300_000, 'a'), Buffer.alloc(70, 'b'), Buffer.alloc(100_000, 'c')]
const batches = bodies.map((bytes) => ({ bytes, records: 1, planted: [] }))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function sinkFor(delayMs = 0): Promise<Backend> {
  const sink = await http.listen(delayMs)
  closers.push(() => sink.close())
  return sink
}

/** A server of node:http, which knows the protocol better than the benchmark does. */
async function server(listener: RequestListener): Promise<number> {
  const listening = createServer(listener).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  closers.push(() => listening.close().closeAllConnections())
  return (listening.address() as AddressInfo).port
}

function load(port: number, requests: number, connections = 4): LoadGenerator {
  const generator = new LoadGenerator({ protocol: http, port, connections, batches, requests })
  closers.push(() => generator.close())
  generator.start()
  return generator
}

/** Passes requests on to the sink, by node:http on both sides. */
const passOn =
  (port: number, times: (body: Buffer) => number = () => 1): RequestListener =>
  async (incoming, outgoing) => {
    const pieces: Buffer[] = []
    for await (const piece of incoming) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces)
    for (let time = 0; time < times(body); time += 1) await post(port, body)
    outgoing.writeHead(200, { 'content-length': 0 }).end()
  }

async function post(port: number, body: Buffer): Promise<number | undefined> {
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    agent: false,
    headers: { 'content-length': body.length },
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

describe('generator and sink', () => {
  test('count each request once, and nothing is wrong', async () => {
    const sink = await sinkFor()
    sink.arrivals.keep(3)
    const generator = load(sink.port, 200)
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([])
    expect([generator.issued, generator.accepted, sink.arrivals.distinct]).toEqual([200, 200, 200])
    expect(sink.arrivals.kept).toHaveLength(3)
    for (const body of sink.arrivals.kept) {
      expect(withoutMarker(body).equals(bodies[(sequenceOf(body) as number) % bodies.length] as Buffer)).toBe(true)
    }
  })

  test('speak HTTP that node:http understands on either side', async () => {
    const sink = await sinkFor(5)
    const generator = load(await server(passOn(sink.port)), 40)
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([])
    expect(sink.arrivals.bytes).toBe(
      Array.from({ length: 40 }, (_, i) => (bodies[i % 3] as Buffer).length + 9).reduce((a, b) => a + b),
    )
  })

  test('a load that is stopped is answered to its end', async () => {
    const sink = await sinkFor(1)
    const generator = load(sink.port, Number.POSITIVE_INFINITY)
    while (generator.accepted < 20) await new Promise(setImmediate)
    await generator.stop()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([])
  })
})

describe('the check of a delivery', () => {
  test('reports what arrives twice, and what does not arrive', async () => {
    const sink = await sinkFor()
    const times = (body: Buffer): number => ({ 3: 2, 5: 0 })[sequenceOf(body) as number] ?? 1
    const generator = load(await server(passOn(sink.port, times)), 9)
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([
      '1 batches did not arrive',
      '1 batches arrived more than once',
    ])
  })

  test('reports a body without its marker', async () => {
    const sink = await sinkFor()
    await post(sink.port, Buffer.from('something else'))
    expect(sink.arrivals.problems).toEqual(['a request came without its marker'])
  })

  test('reports an answer that is no success', async () => {
    const sink = await sinkFor()
    const refusing = await server((incoming, outgoing) => {
      incoming.resume().on('end', () => outgoing.writeHead(400, { 'content-length': 0 }).end())
    })
    const generator = load(refusing, 9, 1)
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([
      'a request was answered 400',
      '1 of 1 requests were not accepted',
      '1 batches did not arrive',
    ])
  })
})

describe('what is refused for now', () => {
  test('is sent again after the time that the answer states, on a new connection if need be', async () => {
    const sink = await sinkFor()
    const forward = passOn(sink.port)
    let refusals = 0
    const port = await server((incoming, outgoing) => {
      if (refusals >= 2) return forward(incoming, outgoing)
      refusals += 1
      // Without reading the body.
      outgoing
        .writeHead(refusals === 1 ? 429 : 503, { 'retry-after': '0', 'content-length': 0, connection: 'close' })
        .end()
    })
    const generator = load(port, 6, 2)
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([])
    expect(generator.refused + generator.lost).toBe(2)
  })

  test('a connection that ends without an answer is counted', async () => {
    const sink = await sinkFor()
    const forward = passOn(sink.port)
    let lost = 0
    const port = await server((incoming, outgoing) => {
      if (lost > 0) return forward(incoming, outgoing)
      lost += 1
      incoming.socket.destroy()
    })
    const generator = load(port, 5, 1)
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([])
    expect(generator.lost).toBe(1)
  })
})

describe.each(Object.entries(PROTOCOLS))('generator and sink that speak %s', (_, protocol) => {
  const sent = [protocol.batch(WORKLOADS.W2.batch(1, 0)), protocol.batch(WORKLOADS.W2.batch(2, 0))]

  test('count each request once, and find what arrived to be what was sent', async () => {
    const sink = await protocol.listen(0)
    closers.push(() => sink.close())
    sink.arrivals.keep(4)
    const generator = new LoadGenerator({ protocol, port: sink.port, connections: 3, batches: sent, requests: 30 })
    closers.push(() => generator.close())
    generator.start()
    await generator.finished()
    expect(checkDelivery(generator, sink.arrivals)).toEqual([])
    expect(sink.arrivals.distinct).toBe(30)
    expect(await checkBodies(protocol, sink.arrivals.kept, sent, [])).toEqual([])
    expect(await checkBodies(protocol, sink.arrivals.kept, [...sent].reverse(), [])).not.toEqual([])
  })
})

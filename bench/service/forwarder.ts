/**
 * The floor of the service: `node bench/service/forwarder.ts PORT SINK_PORT` runs the product's source and sink, as built,
 * with nothing between them, so that what differs from `fieldseal run` is what the engine costs. Ends at SIGTERM.
 */
import { product } from '../cells/product.ts'
import { RECORDS_PER_BATCH } from '../workloads/batch.ts'

const [port, sinkPort] = process.argv.slice(2)

const [
  { createSource },
  { sourceSettings },
  { createSink },
  { sinkSettings },
  { ByteBudget },
  { freeBytes },
  { jsonLog },
] = await Promise.all([
  product.sources(),
  product.sourceSettings(),
  product.sinks(),
  product.sinkSettings(),
  product.byteBudget(),
  product.memory(),
  product.log(),
])

/** The default of `service.in_flight.total`. */
const BUDGET = 128 * 2 ** 20

const log = jsonLog(process.stderr)
const sink = createSink(sinkSettings.parse({ type: 'otlp_http', endpoint: `http://127.0.0.1:${sinkPort}/v1/logs` }), {
  name: 'out',
  log,
})
const source = createSource(sourceSettings.parse({ type: 'otlp_http', listen: `127.0.0.1:${port}` }), {
  name: 'in',
  deliver: async ({ bytes, format, signal }) => {
    const settlement = await sink.send({ bytes, format, records: RECORDS_PER_BATCH, signal })
    // As the pipeline does.
    if (settlement.outcome === 'accepted') freeBytes(bytes)
    return settlement
  },
  budget: new ByteBudget(BUDGET),
  connectionBytes: BUDGET,
  log,
})
await sink.start()
await source.start()
process.once('SIGTERM', async () => {
  await source.drain()
  await source.close()
  await sink.close()
})

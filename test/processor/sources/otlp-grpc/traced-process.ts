/** A source with one token, in the file that is named, and a client that has it. */
import { readFileSync } from 'node:fs'
import { ChannelCredentials, Client, Metadata } from '@grpc/grpc-js'
import { asItIs, EXPORT_LOGS } from '../../../../processor/http/grpc.ts'
import { ByteBudget } from '../../../../processor/pipeline/byte-budget.ts'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { otlpGrpcSourceSettings } from '../../../../processor/sources/otlp-grpc/settings.ts'
import { otlpGrpcSource } from '../../../../processor/sources/otlp-grpc/source.ts'

const [file = ''] = process.argv.slice(2)
const settings = otlpGrpcSourceSettings.parse({ type: 'otlp_grpc', listen: '127.0.0.1:0', tokens: [file] })
const source = otlpGrpcSource(settings, {
  name: 'in',
  deliver: async () => accepted(),
  budget: new ByteBudget(1e6),
  connectionBytes: 1e6,
  log: () => {},
})
await source.start()
const client = new Client(source.address, ChannelCredentials.createInsecure())
const metadata = new Metadata()
metadata.set('authorization', `Bearer ${readFileSync(file, 'utf8').trim()}`)
client.makeUnaryRequest(EXPORT_LOGS, asItIs, asItIs, Buffer.from('hello'), metadata, (error) => {
  console.log(`answered with code ${error?.code ?? 0}`)
  client.close()
  void source.close()
})

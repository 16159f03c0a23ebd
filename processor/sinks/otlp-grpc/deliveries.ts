import type { SecureContext } from 'node:tls'
import type { Conversions } from '../conversions.ts'
import type { Backend } from '../retry/backend.ts'
import { Deliveries } from '../retry/deliveries.ts'
import { CallMetadata } from './call-metadata.ts'
import { Channel } from './channel.ts'
import { GrpcSender } from './sender.ts'
import type { OtlpGrpcSinkSettings } from './settings.ts'

/** What a sink that runs consists of. */
export interface Running {
  readonly deliveries: Deliveries<Channel, Buffer>
  readonly channel: Channel
}

/** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where a header cannot be sent */
export function run(
  settings: OtlpGrpcSinkSettings,
  backend: Backend,
  conversions: Conversions,
  secureContext: SecureContext | undefined,
): Running {
  const { name } = backend
  const sender = new GrpcSender(name, settings, new CallMetadata(name, settings.headers), conversions)
  const channel = new Channel(settings, secureContext)
  // All calls go over one connection: `requests` bounds how many there are.
  return { deliveries: new Deliveries(settings, backend, sender, () => channel), channel }
}

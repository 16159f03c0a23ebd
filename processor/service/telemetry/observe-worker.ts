import type { LoadedConfig } from '../../config/load.ts'
import { VERSION } from '../../http/user-agent.ts'
import { observe } from '../../telemetry/instruments.ts'
import type { WorkerStatus } from '../worker.ts'

/** What of a worker can be read at any time. */
export interface ObservedWorker {
  readonly loaded: () => LoadedConfig
  readonly ready: () => boolean
  readonly inFlight: () => WorkerStatus['inFlight']
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Shows the state of a worker in metrics. @returns what ends it. */
export function observeWorker({ loaded, ready, inFlight, now }: ObservedWorker): () => void {
  const endings = [
    observe('fieldseal.ready', () => [[ready() ? 1 : 0, {}]]),
    observe('fieldseal.in_flight.batches', () => [[inFlight().batches, {}]]),
    observe('fieldseal.in_flight.size', () => [[inFlight().bytes, {}]]),
    observe('fieldseal.in_flight.limit', () => [[inFlight().limit, {}]]),
    observe('fieldseal.configuration.info', () => [
      [1, { 'fieldseal.configuration.hash': loaded().hash, 'service.version': VERSION }],
    ]),
    observe('fieldseal.recipient.key.age', () =>
      recipientsOf(loaded()).flatMap(({ attributes, created }) =>
        created === undefined ? [] : [[(now() - created) / 1000, attributes] as const],
      ),
    ),
    observe('fieldseal.recipient.key.remaining', () =>
      recipientsOf(loaded()).flatMap(({ attributes, expires }) =>
        expires === undefined ? [] : [[(expires - now()) / 1000, attributes] as const],
      ),
    ),
    observe('fieldseal.recipient.usable', () =>
      recipientsOf(loaded()).map(({ attributes, expires }) => [
        expires === undefined || now() < expires ? 1 : 0,
        attributes,
      ]),
    ),
  ]
  return () => {
    for (const end of endings) end()
  }
}

function recipientsOf({ recipients, settings }: LoadedConfig) {
  return [...recipients].map(([name, { kid, expires }]) => ({
    attributes: { 'fieldseal.recipient': name, 'fieldseal.recipient.kid': kid },
    created: settings.recipients[name]?.created,
    expires,
  }))
}

import type { AddressInfo } from 'node:net'
import { decodeMulti, ExtData, encode } from '@msgpack/msgpack'
import type { FormatName } from '../../../../processor/formats/index.ts'
import { forwardSinkSettings } from '../../../../processor/sinks/forward/settings.ts'
import { createForwardSink } from '../../../../processor/sinks/forward/sink.ts'
import type { OutgoingBatch, Sink, SinkContext } from '../../../../processor/sinks/sink.ts'
import type { RawPeer } from '../otlp-http/peers.ts'
import { sinkContext } from '../suite.ts'

/** What a configuration can say. */
export type Given = Record<string, unknown>

/** Impatient, so that what takes seconds in operation takes milliseconds here. */
export const QUICK = { first: '10ms', longest: '20ms', give_up: '5s' } as const
export const ONCE = { ...QUICK, give_up: '0s' } as const

export const ACCEPTED = { outcome: 'accepted', rejected: 0 } as const

export function sinkTo(endpoints: readonly string[], given: Given = {}, context: SinkContext = sinkContext()): Sink {
  return createForwardSink(forwardSinkSettings.parse({ type: 'forward', endpoints, retry: QUICK, ...given }), context)
}

export async function startedSink(endpoints: readonly string[], given?: Given, context?: SinkContext): Promise<Sink> {
  const sink = sinkTo(endpoints, given, context)
  await sink.start()
  return sink
}

/** EventTime of 2026-11-24. */
export const TIME = new ExtData(0, Buffer.from([0x6b, 0x04, 0x36, 0x80, 0, 0, 0, 7]))

export const entry = (record: unknown, time: unknown = TIME): Uint8Array => encode([time, record])

export const FORWARD = 'forward' as FormatName

/** A batch of one Forward message. */
export function forwardBatch(
  message: unknown,
  records = 1,
  signal: AbortSignal = new AbortController().signal,
): OutgoingBatch {
  return { bytes: ownBuffer(encode(message)), format: FORWARD, records, signal }
}

/** PackedForward with one record, whose `log` is `text`. */
export function packedBatch(text: string, signal?: AbortSignal): OutgoingBatch {
  return forwardBatch(['app', entry({ log: text }), { size: 1 }], 1, signal)
}

/** The `log` of each record of packed entries. */
export function logsOf(entries: Uint8Array): string[] {
  return Array.from(decodeMulti(entries), (value) => (value as [unknown, { log: string }])[1].log)
}

/** Of its own memory, so that it can be freed as a whole. */
function ownBuffer(bytes: Uint8Array): Buffer {
  const own = Buffer.from(new ArrayBuffer(bytes.length))
  own.set(bytes)
  return own
}

export function endpointOf(peer: RawPeer): string {
  return `127.0.0.1:${(peer.server.address() as AddressInfo).port}`
}

import * as write from '../formats/message-pack/write.ts'
import { bytesOf, isSmallMap, type SmallValue } from './small-value.ts'

const HEAD = Buffer.concat([write.mapHeader(1), write.string('ack')])

/**
 * `{"ack": chunk}` (Forward Protocol v1, "Response Messages"). To be sent in one write: clients take a part of it for a
 * failure.
 *
 * @param chunk - the value of the option as it came, with its header: it is given back exactly.
 */
export function encodeAck(chunk: Uint8Array): Buffer {
  return Buffer.concat([HEAD, chunk])
}

/** The bytes of the chunk that is acknowledged; undefined where it is no acknowledgement. */
export function decodeAck(value: SmallValue): Buffer | undefined {
  return isSmallMap(value) ? bytesOf(value.ack) : undefined
}

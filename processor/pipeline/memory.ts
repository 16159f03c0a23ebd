/**
 * Frees bytes at once: the collector would come for them some dozen batches later.
 *
 * Only for bytes that nobody reads any more. A sink that has given up may still have a write under way, and the system
 * would then send what lies in that memory by then: so what a sink was given is freed only once it has accepted it.
 */
export function freeBytes(bytes: Buffer): void {
  const { buffer, byteOffset } = bytes
  // A part of a buffer that others have a part of, too, is not ours to free.
  if (!(buffer instanceof ArrayBuffer) || byteOffset !== 0 || bytes.length !== buffer.byteLength) return
  if (!buffer.detached && buffer.byteLength > 0) buffer.transfer(0)
}

/**
 * Frees the bytes of a batch at once: the collector would come for them some dozen batches later.
 *
 * Only for bytes that no sink was given. A sink that has given up may still have a write under way, and the system would
 * then send what lies in that memory by then.
 */
export function freeInput(bytes: Buffer): void {
  const { buffer, byteOffset } = bytes
  // A part of a buffer that others have a part of, too, is not ours to free.
  if (!(buffer instanceof ArrayBuffer) || byteOffset !== 0 || bytes.length !== buffer.byteLength) return
  if (!buffer.detached && buffer.byteLength > 0) buffer.transfer(0)
}

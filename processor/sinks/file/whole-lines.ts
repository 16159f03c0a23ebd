import type { OpenFile } from './file-system.ts'

const LINE_BREAK = 0x0a
const OPEN_BRACE = 0x7b
const BLOCK_BYTES = 64 * 1024

/**
 * Where the last whole line of a file ends. What follows it was being written when a process died: it was never
 * acknowledged. The file is read backwards, 64 KiB at a time.
 *
 * @returns also whether what follows can have been a line of ours: otherwise it is not to be cut off. A line of ours
 *   begins with a brace; after a loss of power zeros may stand for it.
 */
export async function endOfWholeLines(file: OpenFile, size: number): Promise<{ end: number; ours: boolean }> {
  const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, size))
  let end = size
  while (end > 0) {
    const start = Math.max(0, end - block.length)
    const read = await file.read(block.subarray(0, end - start), start)
    const found = block.subarray(0, read).lastIndexOf(LINE_BREAK)
    end = found >= 0 ? start + found + 1 : start
    if (found >= 0) break
  }
  return { end, ours: end === size || (await couldBeOurs(file, end)) }
}

async function couldBeOurs(file: OpenFile, start: number): Promise<boolean> {
  const first = Buffer.alloc(1)
  await file.read(first, start)
  return first[0] === OPEN_BRACE || first[0] === 0
}

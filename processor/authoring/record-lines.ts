import type { FormatName } from '../formats/index.ts'

const NEWLINE = 0x0a

/**
 * On which line of a batch each of its records stands, from 0; undefined for formats whose records have no lines.
 *
 * A line that is blank, or has a byte order mark alone, is no record.
 */
export function recordLines(bytes: Buffer, format: FormatName): number[] | undefined {
  if (format !== 'json-lines' && format !== 'text') return undefined
  const lines: number[] = []
  let start = 0
  for (let line = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    if (!isBlank(bytes, start, end)) lines.push(line)
    start = end + 1
  }
  return lines
}

function isBlank(bytes: Buffer, from: number, end: number): boolean {
  const hasMark = bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
  for (let at = hasMark ? from + 3 : from; at < end; at += 1) {
    if (bytes[at] !== 0x20 && bytes[at] !== 0x09 && bytes[at] !== 0x0d) return false
  }
  return true
}

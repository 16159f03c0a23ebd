import { isSpace } from '../json-scanner.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Calls `visit` for every line that is not blank: its range without the line end, and where its first character is. */
export function eachLine(bytes: Buffer, visit: (start: number, end: number, first: number) => void): void {
  let start = 0
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start)
    const next = newline < 0 ? bytes.length : newline
    const end = next > start && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next
    let first = start
    if (BYTE_ORDER_MARK.equals(bytes.subarray(start, Math.min(end, start + 3)))) first += 3
    while (first < end && isSpace(bytes[first]!)) first += 1
    if (first < end) visit(start, end, first)
    start = next + 1
  }
}

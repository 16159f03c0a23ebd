const LINE_BREAK = 0x0a
const NUL = 0x00
const SPACE = 0x20

/** Bytes of whole lines at the beginning. */
export function endOfLines(bytes: Buffer): number {
  return bytes.lastIndexOf(LINE_BREAK) + 1
}

/** Where the first line ends, behind its line break; the end of the bytes where there is none. */
export function endOfFirstLine(bytes: Buffer): number {
  const found = bytes.indexOf(LINE_BREAK)
  return found < 0 ? bytes.length : found + 1
}

/** Where the lines can be cut in two, near the middle. Undefined where there is one line. */
export function middleOf(lines: Buffer): number | undefined {
  const half = lines.length >> 1
  const before = half === 0 ? 0 : lines.lastIndexOf(LINE_BREAK, half - 1) + 1
  if (before > 0 && before < lines.length) return before
  const behind = lines.indexOf(LINE_BREAK, half) + 1
  return behind > 0 && behind < lines.length ? behind : undefined
}

/** Lines up to the first that is too long; that one by itself; those behind it; and so on. */
export function* apart(lines: Buffer, maxLine: number): Generator<{ lines: Buffer; tooLong: boolean }> {
  if (lines.length <= maxLine) {
    if (lines.length > 0) yield { lines, tooLong: false }
    return
  }
  let begun = 0
  for (let start = 0; start < lines.length; ) {
    const found = lines.indexOf(LINE_BREAK, start)
    const end = found < 0 ? lines.length : found + 1
    const content = found < 0 ? end - start : end - start - 1
    if (content > maxLine) {
      if (start > begun) yield { lines: lines.subarray(begun, start), tooLong: false }
      yield { lines: lines.subarray(start, end), tooLong: true }
      begun = end
    }
    start = end
  }
  if (begun < lines.length) yield { lines: lines.subarray(begun), tooLong: false }
}

/** How many NULs a line begins with. */
export function leadingNuls(bytes: Buffer): number {
  const found = bytes.findIndex((byte) => byte !== NUL)
  return found < 0 ? bytes.length : found
}

/**
 * Makes spaces of the NULs that lines begin with, in place. A crash leaves them where bytes never came to the disk, and
 * the next line was appended to them: with them it would be taken for a text, and not for the JSON object that it is.
 */
export function blankLeadingNuls(lines: Buffer): void {
  for (let at = lines.indexOf(NUL); at >= 0; at = lines.indexOf(NUL, at)) {
    const first = at === 0 || lines[at - 1] === LINE_BREAK
    for (; at < lines.length && lines[at] === NUL; at += 1) if (first) lines[at] = SPACE
  }
}

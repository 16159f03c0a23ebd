/** Percent escapes of ASCII characters that separate: all but those of `+ - . @ _ %`. */
const SEPARATING_ESCAPE = /%(?!2[BbDdEe5]|40|5[Ff])[0-7][0-9A-Fa-f]/g

/** Anything of another script that is neither letter, digit nor mark: quotation marks, dashes, symbols. */
const FOREIGN_PUNCTUATION = /(?!\p{ASCII})[^\p{L}\p{N}\p{M}]/gu

/** Sender rewriting and bounce schemes write another address, with `=` for `@`, into the local part. */
const REWRITTEN = /^(?:SRS[01]|prvs|btv1)[=+-]/i

/** Quotes and list marks that may stand before an address; a letter, a digit or `_` begins it. */
const LEADING_MARKS = /^[^0-9A-Za-z_\x80-\xff]+/

/**
 * Where an address begins.
 *
 * @param text - latin1.
 * @param from - where the run of characters that may stand in a local part begins.
 * @param end - the at-sign.
 * @returns undefined where nothing is left before the at-sign.
 */
export function addressLocalStart(text: string, from: number, end: number): number | undefined {
  let start = from
  start += cutAfterForeignPunctuation(text.slice(start, end))
  const local = text.slice(start, end)
  if (local.includes('%')) start += cutAfterLast(local, SEPARATING_ESCAPE)
  start += cutAfterKey(text.slice(start, end))
  start += LEADING_MARKS.exec(text.slice(start, end))?.[0].length ?? 0
  return start < end ? start : undefined
}

function cutAfterLast(local: string, pattern: RegExp): number {
  let cut = 0
  for (const match of local.matchAll(pattern)) cut = match.index + match[0].length
  return cut
}

function cutAfterForeignPunctuation(local: string): number {
  if (!/[\x80-\xff]/.test(local)) return 0
  const decoded = Buffer.from(local, 'latin1').toString()
  // A byte that is no UTF-8 decodes to three bytes' worth: the offset would be wrong, and the whole run is taken.
  if (decoded.includes('\ufffd')) return 0
  return Buffer.byteLength(decoded.slice(0, cutAfterLast(decoded, FOREIGN_PUNCTUATION)))
}

/** `email=jane` is a key and a local part; `bounce-jane=example.org` is an address inside an address. */
function cutAfterKey(local: string): number {
  const equals = local.lastIndexOf('=')
  if (equals < 0 || REWRITTEN.test(local)) return 0
  const carriesAddress = /[+-]/.test(local.slice(0, equals)) && /[^.]\.[A-Za-z]{2,}$/.test(local.slice(equals + 1))
  return carriesAddress ? 0 : equals + 1
}

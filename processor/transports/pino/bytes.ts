import { isUtf8 } from 'node:buffer'

/** What `JSON.stringify` makes of a Buffer. */
const BUFFER = /\{"type":"Buffer","data":\[([\d,]*)\]\}/g
/** The same in an object that contains itself: pino's other way to write it sorts keys, and cuts lists short. */
const SORTED_BUFFER = /\{"data":\[([\d,]*)(?:,"\.\.\. \d+ items? not stringified")?\],"type":"Buffer"\}/g
/** And of other arrays of bytes: an object with a member for each. */
const BYTES = /\{("0":\d{1,3}(?:,"\d{1,10}":\d{1,3})*)(?:,"\.\.\.":"\d+ items? not stringified")?\}/g

/**
 * A line of pino in which bytes are texts: their own where they are UTF-8, else a character of Latin-1
 * for each byte, so that what is ASCII among them is seen. As lists of numbers, which is
 * what JSON has for them, no detector would see what they say, and everybody else could.
 *
 * Inside of a string every quote is escaped: what is matched here is never a part of one.
 */
export function withTextsForBytes(line: string): string {
  // Most lines hold no object.
  if (!line.includes('{', 1)) return line
  // What is looked for begins with what is rare in a line, so that it is not found again and again.
  if (line.includes('Buffer"')) {
    const textOf = (_: string, list: string): string => text(list.split(','))
    line = line.replace(BUFFER, textOf).replace(SORTED_BUFFER, textOf)
  }
  if (line.includes('{"0":')) line = line.replace(BYTES, textOfMembers)
  return line
}

function textOfMembers(whole: string, members: string): string {
  const pairs = members.split(',').map((pair) => pair.split(':'))
  const isList = pairs.every(([key, value], index) => key === `"${index}"` && Number(value) < 256)
  return isList ? text(pairs.map(([, value]) => value!)) : whole
}

function text(numbers: readonly string[]): string {
  const bytes = numbers[0] === '' ? Buffer.alloc(0) : Buffer.from(numbers.map(Number))
  return JSON.stringify(bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1'))
}

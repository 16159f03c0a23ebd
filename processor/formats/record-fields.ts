import { CHAR, hexValue } from './json-scanner.ts'

/**
 * Members of a record without a schema that are fields of it, read by rules and never altered, and what each must look
 * like, as JSON text, to be taken for one: an address in `level` is an attribute like any other.
 */
const SHAPES: ReadonlyMap<string, RegExp> = new Map([
  ['level', /^(?:\d{1,3}|"[A-Za-z]{1,16}")$/],
  ['time', /^(?:\d{1,20}(?:\.\d{1,9})?|"[0-9TtZz:.,+ -]{1,40}")$/],
  ['timestamp', /^(?:\d{1,20}(?:\.\d{1,9})?|"[0-9TtZz:.,+ -]{1,40}")$/],
  ['trace_id', /^"(?:[0-9A-Fa-f]{32})?"$/],
  ['span_id', /^"(?:[0-9A-Fa-f]{16})?"$/],
])

/** Names of the fields. */
export const RECORD_FIELDS: ReadonlySet<string> = new Set(SHAPES.keys())

const LONGEST_LEVEL = 16

/** The field that is the severity. */
export const SEVERITY_FIELD = 'level'

/** Whether a text in `[start, end)` is a level by its name. */
export function isLevelName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > LONGEST_LEVEL) return false
  for (let at = start; at < end; at += 1) {
    const letter = bytes[at]! | 0x20
    if (letter < 0x61 || letter > 0x7a) return false
  }
  return true
}

/** Digits of 2^64 - 1. */
const LONGEST_INTEGER = 20

/**
 * Whether an integer of 64 bits without a sign is surely the field of this name.
 *
 * @param isSmall - it has at most three digits.
 */
export function isIntegerField(name: string, isSmall: boolean): boolean {
  return name === 'time' || name === 'timestamp' || (name === SEVERITY_FIELD && isSmall)
}

/** Bytes of the longest JSON text that may be one. */
export const LONGEST_FIELD = 64

/** @param json - the value as JSON text. */
export function isFieldShape(name: string, json: string): boolean {
  return SHAPES.get(name)!.test(json)
}

/** Whether the JSON value in `[start, end)` is the field of this name. */
export function isFieldJson(name: string, bytes: Buffer, start: number, end: number): boolean {
  if (end - start > LONGEST_FIELD) return false
  // Of nearly all lines of programs the level and the time are digits, and a text need not be made of them.
  const isInteger = end - start <= LONGEST_INTEGER && areDigits(bytes, start, end)
  if (isInteger && isIntegerField(name, end - start <= 3)) return true
  // Other loggers name the level, and nearly all ids of traces and spans are hexadecimal.
  if (name === SEVERITY_FIELD && isQuoted(bytes, start, end) && isLevelName(bytes, start + 1, end - 1)) return true
  if (end - start === hexDigitsOf(name) + 2 && isHexText(bytes, start, end)) return true
  return isFieldShape(name, bytes.toString('latin1', start, end))
}

function hexDigitsOf(name: string): number {
  return name === 'trace_id' ? 32 : name === 'span_id' ? 16 : 0
}

function isHexText(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isQuoted(bytes, start, end) || end - start === 2) return false
  for (let at = start + 1; at < end - 1; at += 1) {
    if (hexValue(bytes[at]!) < 0) return false
  }
  return true
}

function isQuoted(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes[start] === CHAR.QUOTE && bytes[end - 1] === CHAR.QUOTE && end - start >= 2
}

function areDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false
  }
  return true
}

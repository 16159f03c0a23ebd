import type { ValueMaker } from '../extended-json.ts'
import {
  entryToJson,
  JsonText,
  jsonToEntry,
  jsonToMessagePack,
  maker,
  messagePackToJson,
} from '../message-pack/json.ts'
import * as write from '../message-pack/write.ts'
import { FIXEXT1, FIXEXT1_SIZE, hasMark, MARKED_ENTRY_SIZE, NATIVE, SYMBOL_NUMBER } from './native.ts'

/**
 * What a program logged as JSON text and back, for what is sealed whole. A native value becomes its text, as JSON has it;
 * `undefined` is left out of maps, and is null in arrays. So a Map comes back as an object, and a Date as its text.
 */

export function nativeToJson(bytes: Buffer): string {
  return messagePackToJson(bytes, new NativeJsonText(bytes))
}

export function nativeEntryToJson(bytes: Buffer): string {
  return entryToJson(bytes, new NativeJsonText(bytes))
}

export function jsonToNative(json: Uint8Array, extended: boolean): Uint8Array {
  return jsonToMessagePack(json, extended, nativeMaker)
}

export function jsonToNativeEntry(json: Uint8Array, extended: boolean): Uint8Array {
  return jsonToEntry(json, extended, nativeMaker)
}

/** A number's source text, as the number that it is: an integer that a number cannot hold is a bigint. */
export function nativeNumber(text: string): Uint8Array {
  if (!/^-?\d+$/.test(text)) return write.double(Number(text))
  const value = Number(text)
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? write.double(value) : write.integer(value)
  // Digits without end are not worked out: that takes time with more than their length.
  return text.length > LONGEST_BIGINT ? write.double(value) : write.extension(NATIVE.BIGINT, Buffer.from(text))
}

const LONGEST_BIGINT = 1300

/** Whoever has a public key can seal an extension: none of them may be taken for one of the writer's. */
const nativeMaker: ValueMaker<Uint8Array> = { ...maker, number: nativeNumber, extension: write.binary }

class NativeJsonText extends JsonText {
  readonly #source: Buffer

  constructor(bytes: Buffer) {
    super(bytes)
    this.#source = bytes
  }

  override array(length: number): string {
    if (length === 0 || !hasMark(this.#source, this.at)) return super.array(length)
    this.at += FIXEXT1_SIZE
    return super.array(length - 1)
  }

  override leavesOutPair(): boolean {
    if (hasMark(this.#source, this.at)) {
      this.at += MARKED_ENTRY_SIZE
      return true
    }
    const value = this.endOfKey()
    if (this.#source[value] !== FIXEXT1 || this.#source[value + 1] !== NATIVE.UNDEFINED) return false
    this.at = value + FIXEXT1_SIZE
    return true
  }

  override extension(type: number, content: number, end: number): string {
    switch (type) {
      case NATIVE.BIGINT:
        return this.#source.toString('latin1', content, end)
      case NATIVE.UINT8_ARRAY:
        return this.marked('$bytes', content, end)
      case NATIVE.UNDEFINED:
        return 'null'
      default:
        return this.text(type === NATIVE.SYMBOL ? content + SYMBOL_NUMBER : content, end)
    }
  }
}

import type { Arrived } from './arrived.ts'

/** Whether a plaintext is the value, or has it as a part of JSON. */
export function holds(plaintext: string, text: string): boolean {
  return plaintext.includes(text) || plaintext.includes(JSON.stringify(text).slice(1, -1))
}

/** Short values are found by chance inside of others: as words they count. */
const SHORT = 8

export function isInTheClear(text: string, { texts }: Arrived): boolean {
  if (text.length >= SHORT) return texts.some((one) => holds(one, text))
  const word = new RegExp(`(?<![\\w+/-])${text.replaceAll(/[^\w\s]/g, '\\$&')}(?![\\w+/-])`)
  return texts.some((one) => word.test(one))
}

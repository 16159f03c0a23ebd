import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { EUROPE } from '../../../detectors/national-id/europe.ts'
import { DetectorSet } from '../../../detectors/set.ts'

const ALWAYS = EUROPE.filter(({ activation }) => activation === 'always')
const SET = new DetectorSet(ALWAYS)

function found(values: readonly string[]): string[] {
  return values.flatMap((value) =>
    SET.find(Buffer.from(value), () => true, 'message').map(({ detector }) => `${ALWAYS[detector]!.name}: ${value}`),
  )
}

/** Every day of these years at some hours and minutes. */
const TIMES: readonly Date[] = Array.from({ length: 12 * 365 }, (_, day) =>
  [17, 619, 1048, 1433].map((minute) => new Date(Date.UTC(2014, 0, 1 + day, 0, minute))),
).flat()

/** `yyyy mm dd hh mi ss` of each time in any order. */
function stamps(form: (parts: Readonly<Record<'yyyy' | 'yy' | 'mm' | 'dd' | 'time', string>>) => string): string[] {
  return TIMES.map((time) => {
    const iso = time.toISOString()
    return form({
      yyyy: iso.slice(0, 4),
      yy: iso.slice(2, 4),
      mm: iso.slice(5, 7),
      dd: iso.slice(8, 10),
      time: iso.slice(11, 16).replace(':', ''),
    })
  })
}

/** The same on every run: bytes as any hash has them. */
function hashes(count: number, encoding: 'hex' | 'base64'): string[] {
  return Array.from({ length: count }, (_, index) => createHash('sha256').update(`${index}`).digest(encoding))
}

test.each([
  ['240115-1030', stamps(({ yy, mm, dd, time }) => `${yy}${mm}${dd}-${time}`)],
  ['150124-1030', stamps(({ yy, mm, dd, time }) => `${dd}${mm}${yy}-${time}`)],
  ['20240115-1030', stamps(({ yyyy, mm, dd, time }) => `${yyyy}${mm}${dd}-${time}`)],
  ['202401151030', stamps(({ yyyy, mm, dd, time }) => `${yyyy}${mm}${dd}${time}`)],
  ['/240115/1030/', stamps(({ yy, mm, dd, time }) => `/log/${yy}${mm}${dd}/${time}/a.gz`)],
  ['240115/1030', stamps(({ yy, mm, dd, time }) => `${yy}${mm}${dd}/${time}`)],
  ['24.01.15-103.01', stamps(({ yy, mm, dd, time }) => `${yy}.${mm}.${dd} ${time}`)],
  ['2024-01-15T10:30', TIMES.map((time) => time.toISOString())],
  ['seconds', TIMES.map((time) => `${+time / 1000}`)],
  ['milliseconds', TIMES.map((time) => `${+time + (+time % 997)}`)],
  ['microseconds', TIMES.map((time) => `${+time * 1000 + 123_457}`)],
  ['nanoseconds', TIMES.map((time) => `${BigInt(+time) * 1_000_000n + 123_456_789n}`)],
  ['order numbers of a day', stamps(({ yy, mm, dd, time }) => `${yy}${mm}${dd}-0${time.slice(1)}`)],
] as const)('times such as %s are nobody’s number', (_, values) => {
  expect(found(values)).toEqual([])
})

test('hashes, trace ids, span ids and UUIDs are nobody’s number', () => {
  const all = hashes(20_000, 'hex')
  for (const length of [7, 8, 9, 10, 11, 12, 15, 16, 32, 40, 64])
    expect(found(all.map((hash) => hash.slice(0, length)))).toEqual([])
  for (const length of [8, 16, 32]) expect(found(all.map((hash) => hash.slice(0, length).toUpperCase()))).toEqual([])
  expect(found(all.map((hash) => hash.slice(0, 32).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')))).toEqual([])
  expect(found(all.map((hash) => hash.slice(0, 32).replaceAll(/../g, '$& ')))).toEqual([])
  expect(found(hashes(20_000, 'base64'))).toEqual([])
})

test('sizes, counters, versions and addresses are nobody’s number', () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => index * 4_973 + 17)
  expect(found(numbers.map((number) => `${number}`))).toEqual([])
  expect(found(numbers.map((number) => `${number}K->${number >> 1}K(${number}K), ${number}B`))).toEqual([])
  expect(found(numbers.map((number) => `${number}n ${number}k ${number}m ${number}ms ${number}us`))).toEqual([])
  expect(found(numbers.map((number) => `10.${number & 255}.${(number >> 8) & 255}.${(number >> 16) & 255}`))).toEqual(
    [],
  )
  expect(found(numbers.map((number) => `v${number & 31}.${(number >> 5) & 63}.${number >> 11}`))).toEqual([])
  expect(found(numbers.map((number) => `${number % 999_983}/${number}`))).toEqual([])
  expect(found(numbers.map((number) => `${number * 61_031}`))).toEqual([])
})

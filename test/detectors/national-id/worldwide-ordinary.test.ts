import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { passportMrz } from '../../../detectors/identity/passport.ts'
import { vin } from '../../../detectors/identity/vehicle.ts'
import { AFRICA_ASIA_PACIFIC } from '../../../detectors/national-id/africa-asia-pacific.ts'
import { AMERICAS } from '../../../detectors/national-id/americas.ts'
import { DetectorSet } from '../../../detectors/set.ts'

const ALWAYS = [...AMERICAS, ...AFRICA_ASIA_PACIFIC, passportMrz, vin].filter(
  ({ activation }) => activation === 'always',
)
const SET = new DetectorSet(ALWAYS)

function found(values: readonly string[]): string[] {
  return values.flatMap((value) =>
    SET.find(Buffer.from(value), () => true, 'message').map(({ detector }) => `${ALWAYS[detector]!.name}: ${value}`),
  )
}

/** Most that may be found by chance, as the pages of the detectors say; nothing else may be. */
function expectAtMost(most: Readonly<Record<string, number>>, values: readonly string[]): void {
  const counts: Record<string, number> = {}
  for (const one of found(values)) counts[one.split(':')[0]!] = (counts[one.split(':')[0]!] ?? 0) + 1
  for (const [name, count] of Object.entries(counts))
    expect({ name, count, few: count <= (most[name] ?? 0) }).toEqual({ name, count, few: true })
}

function generated<T>(count: number, value: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => value(index))
}

/** The same on every run: bytes as any hash has them. */
const hash = (index: number): string => createHash('sha256').update(`${index}`).digest('hex')
const random = (index: number): bigint => BigInt(`0x${hash(index)}`)
const digits = (index: number, length: number): string =>
  String(random(index) % 10n ** BigInt(length)).padStart(length, '1')
const token = (index: number, length: number): string =>
  random(index)
    .toString(36)
    .slice(2, 2 + length)

/** Every day of 2014 to 2039, as `yyyymmddhhmmssmmm`. */
const STAMPS: readonly string[] = generated(26 * 365, (day) =>
  new Date(Date.UTC(2014, 0, 1 + day, (day * 7) % 24, (day * 11) % 60, (day * 13) % 60, (day * 131) % 1000))
    .toISOString()
    .replace(/\D/g, ''),
)

test.each([
  ['240115-1030591', (stamp: string) => `${stamp.slice(2, 8)}-${stamp.slice(8, 15)}`],
  [
    '150124-1030591',
    (stamp: string) => `${stamp.slice(6, 8)}${stamp.slice(4, 6)}${stamp.slice(2, 4)}-${stamp.slice(8, 15)}`,
  ],
  ['240115-1000123', (stamp: string) => `${stamp.slice(2, 8)}-1000${stamp.slice(14)}`],
  ['20240115103059123', (stamp: string) => stamp],
  ['202401151030591234', (stamp: string) => `${stamp}4`],
  ['240115103059123', (stamp: string) => stamp.slice(2)],
  ['2401151030591', (stamp: string) => stamp.slice(2, 15)],
  ['2024.01.15-1', (stamp: string) => `${stamp.slice(0, 4)}.${stamp.slice(4, 6)}.${stamp.slice(6, 8)}-1`],
])('times such as %s are nobody’s number', (_, form) => {
  expect(found(STAMPS.map(form))).toEqual([])
})

test('seconds, milliseconds, microseconds and nanoseconds of our years are nobody’s number', () => {
  const times = generated(20_000, (index) => 1_400_000_000_000 + index * 40_000_003)
  expect(found(times.map((time) => `${Math.floor(time / 1000)}`))).toEqual([])
  expect(found(times.map((time) => `${time}`))).toEqual([])
  expect(found(times.map((time) => `${time}123`))).toEqual([])
  expect(found(times.map((time) => `${time}123456`))).toEqual([])
})

test('hashes, trace ids, span ids, UUIDs and hex dumps are nobody’s number', () => {
  const all = generated(10_000, hash)
  for (const length of [8, 9, 10, 12, 13, 15, 16, 17, 18, 32, 44, 64]) {
    expect(found(all.map((one) => one.slice(0, length)))).toEqual([])
    expect(found(all.map((one) => one.slice(0, length).toUpperCase()))).toEqual([])
  }
  expect(found(all.map((one) => one.slice(0, 32).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')))).toEqual([])
  expect(found(all.map((one) => `0000001a: ${one.slice(0, 32).replaceAll(/.{4}/g, '$& ')}`))).toEqual([])
  const decimal = all.map((one) => one.replaceAll(/[a-f]/g, '').slice(0, 32))
  expect(found(decimal.map((one) => `0x0010:  ${one.replaceAll(/.{4}/g, '$& ')}`))).toEqual([])
})

test.each([9, 10, 11, 12, 14, 15, 16, 17, 19, 20])('numbers of %i digits are nobody’s', (length) => {
  expect(found(generated(20_000, (index) => digits(index, length)))).toEqual([])
})

test('numbers of 13 and 18 digits are somebody’s as seldom as is said', () => {
  expectAtMost(
    { za_id: 6 },
    generated(50_000, (index) => digits(index, 13)),
  )
  expectAtMost(
    { cn_ric: 6 },
    generated(50_000, (index) => digits(index, 18)),
  )
  // Snowflakes of social networks, of the years 2015 to 2025.
  const snowflakes = generated(50_000, (index) => String((BigInt(index) * 6_300_000n + 131_235_225_343n) << 22n))
  expectAtMost({ cn_ric: 6 }, snowflakes)
})

test('tokens of letters and digits are somebody’s as seldom as is said', () => {
  for (const length of [8, 9, 12, 13, 15, 16, 18, 20]) {
    expect(found(generated(20_000, (index) => token(index, length)))).toEqual([])
    expect(found(generated(20_000, (index) => token(index, length).toUpperCase()))).toEqual([])
  }
  expectAtMost(
    { in_pan: 6 },
    generated(50_000, (index) => token(index, 10).toUpperCase()),
  )
  expectAtMost(
    { vin: 6 },
    generated(50_000, (index) => token(index, 17).toUpperCase()),
  )
})

test('versions, grouped numbers, serial numbers and addresses are nobody’s number', () => {
  const small = (index: number, limit: number): number => Number(random(index) % BigInt(limit))
  expect(found(generated(20_000, (index) => digits(index, 9).replace(/\B(?=(\d{3})+$)/g, '.')))).toEqual([])
  expect(found(generated(20_000, (index) => digits(index, 9).replace(/\B(?=(\d{3})+$)/g, ' ')))).toEqual([])
  expect(
    found(
      generated(
        20_000,
        (index) => `v${small(index, 30)}.${small(index + 1, 30)}.${small(index + 2, 300)}-${index % 10}`,
      ),
    ),
  ).toEqual([])
  expect(
    found(
      generated(
        20_000,
        (index) => `10.${small(index, 256)}.${small(index + 1, 256)}.${small(index + 2, 256)}-${index % 10}`,
      ),
    ),
  ).toEqual([])
  expect(found(generated(20_000, (index) => `ABC${digits(index, 9)} GWV${digits(index, 9)}`))).toEqual([])
  expect(found(generated(20_000, (index) => `${index % 9}-${digits(index, 5)}-${digits(index + 1, 4)}`))).toEqual([])
})

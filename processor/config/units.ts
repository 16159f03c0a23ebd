import { z } from 'zod'

const BYTES_PER_UNIT = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const
const MILLISECONDS_PER_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

type ByteUnit = keyof typeof BYTES_PER_UNIT
type TimeUnit = keyof typeof MILLISECONDS_PER_UNIT

const SIZE = /^(\d{1,15})(B|KiB|MiB|GiB|TiB)$/
const DURATION = /^(\d{1,15})(ms|s|m|h)$/

const SIZE_EXPECTED = 'expected a size such as 64KiB or 1MiB, or a whole number of bytes'
const DURATION_EXPECTED = 'expected a duration such as 500ms, 60s, 10m or 1h'

/** The number of bytes that a text such as `64KiB` names, or undefined where it names none. Units are powers of 1024. */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit] = SIZE.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * BYTES_PER_UNIT[unit as ByteUnit]
}

/** The number of milliseconds that a text such as `60s` names, or undefined where it names none. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = DURATION.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * MILLISECONDS_PER_UNIT[unit as TimeUnit]
}

/** A size in the configuration, from one byte to `largest`: text with a unit, or plain bytes. Parses to bytes. */
export function byteSize(largest: string) {
  const maximum = parseByteSize(largest) ?? 0
  const outside = `must be from 1B to ${largest}`
  const text = z
    .string()
    .regex(SIZE, SIZE_EXPECTED)
    .refine((value) => inRange(parseByteSize(value) ?? 1, 1, maximum), outside)
    .meta({ $comment: `up to ${largest}` })
  return z
    .union([z.int(SIZE_EXPECTED).min(1, outside).max(maximum, outside), text], SIZE_EXPECTED)
    .transform((value) => (typeof value === 'number' ? value : (parseByteSize(value) ?? 0)))
}

/** A time in the configuration, from `shortest` to `longest`: text with a unit. Parses to milliseconds. */
export function duration(shortest: string, longest: string) {
  const minimum = parseDuration(shortest) ?? 0
  const maximum = parseDuration(longest) ?? 0
  return z
    .string(DURATION_EXPECTED)
    .regex(DURATION, DURATION_EXPECTED)
    .refine(
      (value) => inRange(parseDuration(value) ?? minimum, minimum, maximum),
      `must be from ${shortest} to ${longest}`,
    )
    .meta({ $comment: `from ${shortest} to ${longest}` })
    .transform((value) => parseDuration(value) ?? 0)
}

/** A whole number of the configuration, from `minimum` to `maximum`. */
export function wholeNumber(minimum: number, maximum: number) {
  const outside = `must be from ${minimum} to ${maximum}`
  return z.int('expected a whole number').min(minimum, outside).max(maximum, outside)
}

function inRange(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum
}

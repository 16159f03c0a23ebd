import type { Detector } from '../../../detectors/detector.ts'
import type { Line } from './line.ts'
import type { Random } from './random.ts'

/** A value that must be found in an ordinary line. */
export interface Planted {
  readonly detector: string
  /** What is put into the line. */
  readonly sentence: string
  /** The part of it that must be found; undefined where the sentence does not say. */
  readonly value?: string
}

/** A line with something in it, and where: characters, half open. */
export interface PlantedLine extends Line {
  readonly planted: Planted
  readonly start: number
  readonly end: number
}

function plant(detector: string, value: string, sentence = value): Planted {
  return { detector, value, sentence }
}

/** Made of pieces, so that no scanner of source takes them for leaked ones. */
const AWS_KEY_ID = `AK${'IA'}Q3EGRIXVVT7ZBCDE`
const JWT = [
  Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
  Buffer.from('{"sub":"1234567890","admin":true}').toString('base64url'),
  'dGhpcyBpcyBub3QgYSBzaWduYXR1cmUgYnV0IGxvbmc',
].join('.')

/** Numbers of documentation and test suites, and made-up ones. */
export const WELL_KNOWN: readonly Planted[] = [
  plant('payment_card', '4111111111111111'),
  plant('payment_card', '5555 5555 5555 4444', 'paid with 5555 5555 5555 4444'),
  plant('payment_card', '378282246310005'),
  plant('email', 'jane.roe@shop.example.com'),
  plant('email', "j.o'hara+tag@mail.example.co.uk", "rcpt=<j.o'hara+tag@mail.example.co.uk>"),
  plant('iban', 'DE89370400440532013000'),
  plant('iban', 'GB82 WEST 1234 5698 7654 32', 'iban GB82 WEST 1234 5698 7654 32'),
  plant('us_ssn', '536-22-8726'),
  plant('phone_e164', '+4915123456789'),
  plant('phone_e164', '+1 415-555-2671', 'call +1 415-555-2671'),
  plant('aws_access_key_id', AWS_KEY_ID),
  plant('jwt', JWT),
  { detector: 'url_credentials', sentence: 'postgres://app:s3cr3t-Pa55@db1.internal:5432/shop' },
]

/** The examples of a detector, as its page shows them. */
export function examplesOf({ name, examples }: Detector): readonly Planted[] {
  return examples.map((sentence) => ({ detector: name, sentence }))
}

/** Put where a writer of logs puts values: behind a key, in quotes, in brackets, at the beginning or the end. */
export function planted(line: Line, value: Planted, random: Random): PlantedLine {
  // Nobody breaks a row of numbers: what is left of it would be another row.
  const gaps = [...line.text.matchAll(/(?<![0-9]) | (?![0-9])/g)].map(({ index }) => index)
  const [before, after] = random.pick([
    [' value=', '; '],
    [' "', '" '],
    [' (', ') '],
    [' {"v":"', '"} '],
    ['\n', '\n'],
  ] as const)
  const at = random.pick([0, line.text.length, ...gaps])
  const start = at + before.length
  const text = line.text.slice(0, at) + before + value.sentence + after + line.text.slice(at)
  return { key: '', text, planted: value, start, end: start + value.sentence.length }
}

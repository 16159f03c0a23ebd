import { requestType } from '../../bench/checks/otlp-messages.ts'
import { privateKeyFromJwk } from '../../processor/jwe/private-keys.ts'
import { openerOf } from '../../processor/open.ts'
import { PRIVATE_KEYS } from '../peers/fieldseal.ts'

/** Some of what came out of a chain of programs. */
export interface Arrived {
  readonly format: 'otlp-json' | 'otlp-protobuf' | 'json-lines'
  readonly bytes: Buffer
}

/** What an application logs: numbered, with an address in a text and another one in a field. */
export function logLine(number: number): string {
  const [buyer, payer] = ['buyer', 'payer'].map((role) => `${role}-${number}@example.com`)
  return `{"seq":${number},"level":"info","msg":"order ${number} of ${buyer} was paid","user":{"email":"${payer}"}}`
}

/** The numbers that are there, sealed or not, in a text in a text or not. */
export function differentNumbers(arrived: readonly Arrived[]): Set<number> {
  return new Set(arrived.flatMap(({ bytes }) => bytes.toString('latin1').match(/(?<="seq\\*":)\d+/g) ?? []).map(Number))
}

export function inOrder(numbers: readonly number[]): number[] {
  return [...numbers].sort((one, other) => one - other)
}

/** How many lines are there that are sealed as a whole. */
export function wholeLines(arrived: readonly Arrived[]): number {
  return arrived.flatMap(({ format, bytes }) => texts(format, bytes)).filter((text) => WHOLE.test(text)).length
}

const WHOLE = /^\{"protected":"/
const PARTS =
  /"msg":"order \d+ of \[sealed:email:[\w-]{8}\/\d\] was paid","user":\{"email":"(?:\[sealed:email:|\{\\"protected)/

/**
 * Opens everything, and reads it with parsers that are not ours.
 *
 * @param how - whether the addresses in a line are sealed, or each line as a whole.
 * @returns the numbers of each batch, as they stand in it.
 * @throws Error where an address is in the clear, a value does not open, or a line is not as the application wrote it.
 */
export function openedNumbers(arrived: readonly Arrived[], how: 'parts' | 'whole' = 'parts'): number[][] {
  const opener = openerOf(PRIVATE_KEYS.map(privateKeyFromJwk))
  try {
    return arrived.map(({ format, bytes }) => {
      if (/r-\d+@example\.com/.test(bytes.toString('latin1'))) throw new Error('an address is in the clear')
      const sealed = texts(format, bytes)
      const { bytes: clear, unopened } = opener.open(bytes, format)
      if (unopened > 0) throw new Error(`${unopened} values do not open`)
      const numbers = texts(format, clear).map(checkedNumber)
      for (const [at, text] of sealed.entries())
        if (how === 'whole' ? !WHOLE.test(text) : !text.includes(`"seq":${numbers[at]},`) || !PARTS.test(text))
          throw new Error(`it is not sealed as it should be: ${text}`)
      return numbers
    })
  } finally {
    opener.close()
  }
}

function checkedNumber(text: string): number {
  const number = Number(/^\{"seq":(\d+)/.exec(text)?.[1])
  if (text !== logLine(number)) throw new Error(`a line opens to something else: ${text}`)
  return number
}

/** The texts that were lines of the application: bodies in OTLP, `message` or `log` otherwise. */
function texts(format: Arrived['format'], bytes: Buffer): string[] {
  if (format === 'json-lines')
    return bytes
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .map(({ log, message }) => log ?? message)
  const request =
    format === 'otlp-json' ? JSON.parse(bytes.toString()) : requestType.toObject(requestType.decode(bytes))
  return request.resourceLogs.flatMap(({ scopeLogs }: { scopeLogs: { logRecords: { body: AnyValue }[] }[] }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body }) => body.stringValue ?? Buffer.from(body.bytesValue ?? '', 'base64').toString()),
    ),
  )
}

interface AnyValue {
  readonly stringValue?: string
  /** In JSON, base64. */
  readonly bytesValue?: string
}

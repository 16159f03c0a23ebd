import { styleText } from 'node:util'

/** Columns that the demo uses at most. */
export const COLUMNS = 100

type Style = Parameters<typeof styleText>[0]

/** What the demo prints, in colour on a terminal alone (and not with NO_COLOR). */
export class Screen {
  readonly #stream: NodeJS.WritableStream

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream
  }

  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream })
  }

  line(text = ''): void {
    this.#stream.write(`${text}\n`)
  }

  title(text: string): void {
    this.line()
    this.line(this.paint('bold', text))
    this.line()
  }

  /** A line, cut to the columns. Only for text without colour. */
  cut(text: string): string {
    return text.length <= COLUMNS ? text : `${text.slice(0, COLUMNS - 1)}…`
  }
}

/** A sealed value as a reader takes it in: its beginning, its end, its length. */
export function shortened(jwe: string): string {
  return `${jwe.slice(0, 26)}…${jwe.slice(-12)}`
}

/** Pretty JSON of a record; sealed values are shortened, and `remark` says something of each behind it. */
export function prettyRecord(record: unknown, remark: (jwe: string) => string): string {
  const remarks: string[] = []
  const shown = JSON.stringify(
    record,
    (_key, value) => {
      if (typeof value !== 'string' || !value.startsWith('{"protected"')) return value
      remarks.push(remark(value))
      return `\u0000${shortened(value)}`
    },
    2,
  )
  return shown
    .split('\n')
    .map((line) => (line.includes('\\u0000') ? `${line.replace('\\u0000', '')}  ${remarks.shift()}` : line))
    .map((line) => `  ${line.replaceAll('\\"', '"')}`)
    .join('\n')
}

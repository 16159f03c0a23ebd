/** A number of JSON as its source text: `JSON.parse` alone would round it. */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text)
  }
}

/** `JSON.parse` with numbers as `NumberText` (the reviver's `context.source`, which the type library lacks). */
export function parseWithNumbers(json: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? '') : value
  return JSON.parse(json, reviver as (key: string, value: unknown) => unknown)
}

/** The shortest text that gives the same double, always with a point or an exponent. */
export function doubleText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

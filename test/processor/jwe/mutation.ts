type Json = Record<string, unknown>

// biome-ignore lint/suspicious/noExplicitAny: what is changed on purpose has no type.
export type Loose = any

/**
 * A JSON text with one member changed.
 *
 * @param path - names and indices, joined by dots.
 * @param value - the new value, or a function of the whole object that gives it; undefined removes the member.
 */
export function withMember(text: string, path: string, value: unknown): string {
  const whole = JSON.parse(text)
  const names = path.split('.')
  const last = names.pop()!
  const place: Json = names.reduce((object, name) => object[name], whole)
  const result = typeof value === 'function' ? value(whole) : value
  if (result === undefined) delete place[last]
  else place[last] = result
  return JSON.stringify(whole)
}

/** `12,345`: the same on every machine. */
export function number(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 record`, `2 records`. */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerated(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

/**
 * `body 10, attributes.pan 2`: the most frequent first.
 *
 * @param most - names that are written out.
 */
export function places(counts: ReadonlyMap<string, number>, most = 4): string {
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a)
  const named = sorted.slice(0, most).map(([name, count]) => `${name} ${number(count)}`)
  const rest = sorted.length - named.length
  return [...named, ...(rest > 0 ? [`${number(rest)} more`] : [])].join(', ')
}

/**
 * Words of a gate for a short name that is an everyday word too (`sin`, `ein`, `nin`): it counts where it labels a value,
 * as in `SIN: 130692544`, `"sin":"130692544"` and `SIN no 130692544`.
 */
export function asLabel(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [':', '=', '":', '#', 'no', 'number', 'is'].map((sign) => `${name} ${sign}`))
}

/** The pattern of keys that end with such a name, for `keys` of a gate: `applicant sin`, `sin number`. */
export function keyNamed(...names: readonly string[]): string {
  return `(?:^| )(?:${names.join('|')})(?: (?:no|nr|number|value))?$`
}

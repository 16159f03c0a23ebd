const WIDTH = 120

/** JSON as the project's formatter writes it: a list of single values stands on one line where it fits. */
export function jsonText(value: unknown): string {
  return `${print(value, '', '')}\n`
}

function print(value: unknown, indent: string, before: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const line = oneLine(value)
    if (line !== undefined && indent.length + before.length + line.length + 1 <= WIDTH) return line
    return `[\n${value.map((item) => `${inner}${print(item, inner, '')}`).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `
    return `${inner}${name}${print(item, inner, name)}`
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

function oneLine(value: unknown): string | undefined {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? undefined : JSON.stringify(value)
  const items = value.map(oneLine)
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`
}

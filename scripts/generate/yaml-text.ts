import { stringify } from 'yaml'

/** A value as it may stand in a configuration, on one line. */
export function flowYaml(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd()
}

/** A key with its value: outer maps in blocks, inner ones and lists on one line. */
export function blockYaml(key: string, value: unknown, indent: string): string[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [`${indent}${key}: ${flowYaml(value)}`]
  return [`${indent}${key}:`, ...Object.entries(value).map(([name, item]) => `${indent}  ${name}: ${flowYaml(item)}`)]
}

/** A text as comments of at most `width` columns, one or more lines for each of its own. */
export function comment(text: string, indent: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    for (const word of paragraph.split(/(?<=\S) /)) {
      const last = lines.at(-1)
      if (last !== undefined && indent.length + 2 + last.length + 1 + word.length <= width) {
        lines[lines.length - 1] = `${last} ${word}`
      } else lines.push(word)
    }
    return lines.map((line) => `${indent}# ${line}`.trimEnd())
  })
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

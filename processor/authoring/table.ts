import type { Paint } from './paint.ts'

/** How a column is written: texts to the left, numbers to the right. */
export interface Column {
  readonly title: string
  readonly align?: 'right'
}

/**
 * A table for people: columns as wide as what stands in them, two spaces between them.
 *
 * @returns lines without line ends.
 */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        columns[index]!.align === 'right' ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
      )
      .join('  ')
      .trimEnd()
  return [paint('bold', line(columns.map(({ title }) => title))), ...rows.map(line)]
}

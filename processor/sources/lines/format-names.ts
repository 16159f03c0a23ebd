import type { FormatName } from '../../formats/index.ts'

/** What lines are called in the configuration, and within. */
export const LINE_FORMATS = { json_lines: 'json-lines', text: 'text' } as const satisfies Record<string, FormatName>

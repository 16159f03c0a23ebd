import type { Colour, Paint } from './paint.ts'
import type { ShownChange } from './preview.ts'
import type { ValueChange } from './sample-changes.ts'
import type { TextPiece } from './sealed-short.ts'
import { onOneLine } from './shown-text.ts'

/** Before and after of one changed record, for people. Ends with a line end. */
export function changeText({ of, line, recordOfRequest, values }: ShownChange, paint: Paint): string {
  const request = recordOfRequest === undefined ? '' : `, record ${recordOfRequest}`
  const title = `line ${line}${request}${of === 'record' ? '' : `, its ${of}`}`
  return `${[paint('bold', title), ...values.flatMap((value) => valueLines(value, paint))].join('\n')}\n`
}

function valueLines({ path, before, after }: ValueChange, paint: Paint): string[] {
  const renamed = after === undefined || after.path === path ? '' : ` → ${after.path}`
  const result = after === undefined ? paint('yellow', '(removed)') : painted(after.pieces, paint, 'green')
  return [
    `  ${paint('dim', onOneLine(path + renamed))}`,
    `    - ${painted(before, paint, 'red')}`,
    `    + ${result === '' ? paint('yellow', '(empty)') : result}`,
  ]
}

function painted(pieces: readonly TextPiece[], paint: Paint, colour: Colour): string {
  return pieces.map(({ text, marked }) => (marked ? paint(colour, onOneLine(text)) : onOneLine(text))).join('')
}

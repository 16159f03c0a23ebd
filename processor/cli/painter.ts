import { styleText } from 'node:util'
import type { Paint } from '../authoring/paint.ts'
import type { CommandIo } from './arguments.ts'

/** Colours, where a person looks at a terminal and has not asked for none (no-color.org). */
export function painter({ stdout, env }: Pick<CommandIo, 'stdout' | 'env'>): Paint {
  const isPlain = (stdout as { isTTY?: boolean }).isTTY !== true || (env.NO_COLOR ?? '') !== ''
  return (colour, text) => (isPlain ? text : styleText(colour, text, { validateStream: false }))
}

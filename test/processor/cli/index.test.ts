import { expect, test } from 'vitest'
import { COMMANDS } from '../../../processor/cli/index.ts'

test.each(COMMANDS)('$name is loaded by the name that it has', async ({ name, load }) => {
  expect((await load()).name).toBe(name)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { open } from '../../../../processor/open.ts'
import { leaks, OPENING } from '../canaries.ts'
import { configured, read } from './programs.ts'

const { folder, config } = configured()
const ALL = 1000

/** Lines of 1,000 that arrive, as docs/embedding.md has it; undefined where it depends on how far the worker was. */
const ARRIVE: Readonly<Record<string, Readonly<Record<string, number | undefined>>>> = {
  worker: {
    'end of the program': ALL,
    'process.exit': ALL,
    'uncaught throw': ALL,
    'SIGTERM with a handler': ALL,
    SIGTERM: undefined,
    SIGKILL: undefined,
  },
  hook: {
    'end of the program': ALL,
    'process.exit': ALL,
    'uncaught throw': ALL,
    'SIGTERM with a handler': ALL,
    SIGTERM: ALL,
    SIGKILL: ALL,
  },
  'hook, sync: false': { 'process.exit': ALL, SIGTERM: undefined },
  stream: { 'process.exit': ALL, SIGKILL: ALL },
}

const CASES = Object.entries(ARRIVE).flatMap(([form, endings]) =>
  Object.entries(endings).map(([ending, lines]) => ({ form, ending, lines })),
)

async function run(form: string, ending: string, version: string): Promise<string> {
  const file = join(folder, `${form}-${ending}-${version}`.replaceAll(' ', '-'))
  const program = join(import.meta.dirname, 'ending-program.ts')
  const child = spawn(process.execPath, [program, form, ending, version, config, file], { stdio: 'ignore' })
  await once(child, 'exit')
  return existsSync(file) ? read(file) : ''
}

const VERSIONS = [
  { version: 'pino 10', cases: CASES },
  { version: 'pino 9', cases: CASES.filter(({ form }) => form === 'worker') },
]

describe.each(VERSIONS)('a program with $version that has logged 1,000 lines ends by', ({ version, cases }) => {
  test.concurrent.each(cases)('$ending, with the $form: nothing is in the clear', async ({ form, ending, lines }) => {
    const text = await run(form, ending, version)
    expect(leaks(text)).toEqual([])
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    const count = whole.split('\n').length - 1
    if (process.env.SHOW_ENDINGS !== undefined) console.log(version, form, ending, count)
    if (lines !== undefined) expect(count).toBe(lines)
    expect(open(Buffer.from(whole), 'json-lines', OPENING)).toMatchObject({ opened: 2 * count, unopened: 0 })
  })
})

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT_CODES } from '../../processor/cli/help.ts'
import { ENVIRONMENT } from '../processes.ts'
import { temporaryFolder } from '../processor/config/temporary-folder.ts'
import { codeBlock, document, ROOT } from './document.ts'

const PAGE = 'docs/scan.md'

/** Runs a command of the page, in a folder with the page's log. */
function run(name: string) {
  const log = new RegExp(/<!-- example: log -->\s*```\n([\s\S]*?)```/).exec(document(PAGE))![1]!
  const folder = temporaryFolder({ 'app.log': log })
  const [command, ...argv] = codeBlock(PAGE, name).trim().split(' ')
  expect(command).toBe('fieldseal')
  const child = spawnSync(process.execPath, [join(ROOT, 'processor/cli/main.ts'), ...argv], {
    cwd: folder,
    env: ENVIRONMENT,
    encoding: 'utf8',
  })
  return { out: child.stdout, exit: child.status }
}

test('the table on the page is what the command writes', () => {
  const table = /<!-- example: table -->\s*```\n([\s\S]*?)```/.exec(document(PAGE))![1]!
  expect(run('example: command')).toEqual({ out: table, exit: 1 })
})

test('so is the JSON', () => {
  expect(run('example: json')).toEqual({ out: codeBlock(PAGE, 'example: json output'), exit: 1 })
})

test('exit codes on the page are those of the command line', () => {
  const codes = [...document(PAGE).matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, list]) => list!.split(', ').map(Number))
  expect(codes.length).toBeGreaterThan(4)
  for (const code of codes) expect(EXIT_CODES.map(([known]) => known)).toContain(code)
})

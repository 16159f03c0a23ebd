import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ENVIRONMENT } from '../../processes.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

const MAIN = join(import.meta.dirname, '../../../processor/cli/main.ts')
const RULES = 'rules:\n  - {id: mails, detect: [email], path: ["**"], mask: {}}\n'

/** A folder with this configuration, and rules that mask addresses. */
export function folderWith(config: string): string {
  return temporaryFolder({
    'rules.yaml': RULES,
    'config.yaml': `rules: [rules.yaml]\n${config.includes('service:') ? '' : 'service: {admin: {listen: "127.0.0.1:0"}}\n'}${config}`,
  })
}

/** `fieldseal run`, as an operator starts it. */
export function run(
  folder: string,
  stdin: 'pipe' | 'ignore' | number = 'pipe',
  stdout: 'pipe' | number = 'pipe',
): ChildProcess {
  const child = spawn(process.execPath, [MAIN, 'run', '-c', 'config.yaml'], {
    cwd: folder,
    stdio: [stdin, stdout, 'pipe'],
    env: ENVIRONMENT,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** A line, and what is to become of it. */
export const line = (number: number) => `{"n":${number},"msg":"from user${number}@example.com"}\n`
export const masked = (number: number) => `{"n":${number},"msg":"from ****"}\n`
export const many = (make: (number: number) => string, count: number) =>
  Array.from({ length: count }, (_, number) => make(number)).join('')

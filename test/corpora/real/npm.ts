import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf, type RealProgram } from './program.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** npm at its most talkative: what it would install of this project, and what it would pack. Nothing is fetched. */
export const npm: RealProgram = {
  name: 'npm',
  debianPackage: 'npm',
  check: 'command -v npm',
  async lines(folder) {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, file), join(folder, file))
    const options = ['--offline', '--ignore-scripts', '--loglevel=silly', `--cache=${join(folder, 'cache')}`]
    return [
      ...outputOf('npm', ['install', '--dry-run', ...options], { cwd: folder }),
      ...outputOf('npm', ['ls', '--all', '--long', ...options], { cwd: ROOT }),
      ...outputOf('npm', ['pack', '--dry-run', ...options], { cwd: ROOT }),
    ]
  },
}

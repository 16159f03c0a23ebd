import { existsSync, readFileSync } from 'node:fs'
import { outputOf, type RealProgram } from './program.ts'

function fileLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
}

/** What dpkg and apt wrote when this system was set up, and what apt thinks while it plans to install something. */
export const debian: RealProgram = {
  name: 'dpkg and apt',
  debianPackage: 'apt',
  check: 'command -v apt-get && command -v dpkg',
  lines: async () => [
    ...fileLines('/var/log/dpkg.log'),
    ...fileLines('/var/log/alternatives.log'),
    ...outputOf('dpkg', ['-l']),
    ...outputOf('apt-get', [
      '--simulate',
      '--option=Debug::pkgDepCache::AutoInstall=1',
      '--option=Debug::pkgProblemResolver=1',
      '--option=Debug::pkgDepCache::Marker=1',
      'install',
      'apache2',
      'mosquitto',
      'haproxy',
    ]),
  ],
}

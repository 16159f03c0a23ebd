import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf, type RealProgram } from './program.ts'

const TRACES = { GIT_TRACE: '1', GIT_TRACE_PERFORMANCE: '1', GIT_TRACE_SETUP: '1', GIT_TRACE_PACKET: '1' }

/** Git's traces while a small repository is made, packed, checked and cloned. */
export const git: RealProgram = {
  name: 'Git',
  debianPackage: 'git',
  check: 'command -v git',
  async lines(folder) {
    const run = (trace: NodeJS.ProcessEnv, ...args: readonly string[]) =>
      outputOf('git', ['-c', 'user.name=nobody', '-c', 'user.email=', ...args], { cwd: folder, env: trace })
    const lines = run(TRACES, 'init', '--initial-branch=main')
    for (let commit = 1; commit <= 12; commit += 1) {
      writeFileSync(join(folder, `file-${commit}`), `${commit}\n`.repeat(commit))
      const trace = commit % 2 === 0 ? TRACES : commit % 3 === 0 ? { GIT_TRACE2_EVENT: '1' } : { GIT_TRACE2_PERF: '1' }
      lines.push(
        ...run(trace, 'add', '.'),
        ...run(trace, 'commit', '--allow-empty-message', '--message', `Step ${commit}`),
      )
    }
    return [
      ...lines,
      ...run(TRACES, 'gc', '--aggressive'),
      ...run({ GIT_TRACE2_EVENT: '1' }, 'fsck', '--full', '--verbose'),
      ...run(TRACES, 'clone', `file://${folder}`, 'clone'),
      ...run({}, 'log', '--stat', '--format=%H %P %T %ct %ci %d'),
      ...run({}, 'ls-tree', '-r', '--long', 'HEAD'),
      ...run({}, 'verify-pack', '--verbose', '.git/objects/pack/*.idx'),
    ]
  },
}

/**
 * Checks what is in deploy/: the rules and their tests by Prometheus' own promtool, and that alerts and dashboards ask for
 * what there is, and each alert has its page and its tests. Where there is no promtool its part is left out, and that is said.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { problems } from './problems.ts'
import { ROOT, RULES_FILE } from './rules.ts'

const found = problems()
for (const problem of found) process.stderr.write(`${problem}\n`)

const tests = readdirSync(join(ROOT, 'deploy/prometheus/tests')).map((name) => join('deploy/prometheus/tests', name))
// The package is Debian's; tests of test/deploy install it, where they may.
const installed = spawnSync('sh', [join(ROOT, 'test/interop/install.sh'), 'prometheus', 'promtool --version'], {
  encoding: 'utf8',
})
let failed = found.length > 0
if (installed.status !== 0) {
  const reason = installed.stdout?.trim().split('\n').at(-1) ?? 'no shell'
  process.stderr.write(`skipped: promtool check rules, promtool test rules: ${reason}\n`)
} else {
  for (const argv of [
    ['check', 'rules', RULES_FILE],
    ['test', 'rules', ...tests],
  ]) {
    const run = spawnSync('promtool', argv, { cwd: ROOT, encoding: 'utf8' })
    if (run.status === 0) continue
    process.stderr.write(`promtool ${argv.slice(0, 2).join(' ')}\n${run.stdout}${run.stderr}`)
    failed = true
  }
}
if (failed) process.exitCode = 1
else process.stdout.write(`ok: ${tests.length} files of tests\n`)

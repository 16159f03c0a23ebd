import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FreePorts } from '../../peers/free-ports.ts'
import { RunningProgram } from '../../peers/running-program.ts'
import type { RealProgram } from './program.ts'
import { untilItAnswers } from './until-it-answers.ts'

/** What its interface tells: metrics, targets, and the state of its database. */
const PAGES = ['/metrics', '/api/v1/targets', '/api/v1/status/tsdb', '/api/v1/status/flags', '/api/v1/query?query=up']

/** Prometheus, which watches itself. */
export const prometheus: RealProgram = {
  name: 'Prometheus',
  debianPackage: 'prometheus',
  check: 'command -v prometheus',
  // It tells who built it.
  trueFindings: /^team\+pkg-go@tracker\.debian\.org$/,
  async lines(folder) {
    const address = `127.0.0.1:${await new FreePorts().next()}`
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      `global: {scrape_interval: 1s}\nscrape_configs: [{job_name: self, static_configs: [{targets: ['${address}']}]}]\n`,
    )
    const program = new RunningProgram('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=debug',
    ])
    const page = async (path: string) => (await fetch(`http://${address}${path}`)).text()
    await untilItAnswers(async () => {
      if (!(await page('/api/v1/query?query=up')).includes('"value"')) throw new Error('nothing is scraped yet')
    }, program)
    const pages = await Promise.all(PAGES.map(page))
    await program.stop()
    return [...program.lines, ...pages.flatMap((text) => text.split('\n'))]
  },
}

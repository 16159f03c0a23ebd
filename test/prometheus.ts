import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { FreePorts } from './peers/free-ports.ts'

/** Whether Debian's package `prometheus` is there, with `promtool`. */
export const HAS_PROMETHEUS = spawnSync('prometheus', ['--version']).status === 0
export const HAS_PROMTOOL = spawnSync('promtool', ['--version']).status === 0

/** What promtool finds wrong with a page of metrics, its lint included; empty where that is nothing. */
export function problemsOfMetrics(text: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`
}

/** A series, as the HTTP API of Prometheus gives it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface PrometheusOptions {
  /** `host:port` of what is scraped, at `/metrics`, by the job `fieldseal`. */
  readonly targets: readonly string[]
  /** Paths of rule files. */
  readonly rules?: readonly string[]
  readonly everySeconds?: number
}

/** A real Prometheus, in a folder of its own, on a port of its own. */
export class Prometheus {
  readonly url: string
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.url = `http://127.0.0.1:${port}`
    this.#folder = folder
    this.#child = child
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()))
  }

  /** Resolves once it answers. */
  static async started({ targets, rules = [], everySeconds = 1 }: PrometheusOptions): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'fieldseal-prometheus-'))
    const file = join(folder, 'prometheus.yml')
    const interval = `${everySeconds}s`
    writeFileSync(
      file,
      JSON.stringify({
        global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
        rule_files: rules,
        scrape_configs: [{ job_name: 'fieldseal', static_configs: [{ targets }] }],
      }),
    )
    const port = await new FreePorts().next()
    const child = spawn(
      'prometheus',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    )
    const prometheus = new Prometheus(port, folder, child)
    await prometheus.#until(async () => (await fetch(`${prometheus.url}/-/ready`)).ok)
    return prometheus
  }

  /** The answer to an instant query. */
  async query(expression: string): Promise<Sample[]> {
    const response = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`)
    const { status, error, data } = (await response.json()) as {
      status: string
      error?: string
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] }
    }
    if (status !== 'success' || data === undefined) throw new Error(`${expression}: ${error}`)
    return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }))
  }

  /** Asks until the answer is not empty and, where it is said what it should be, is that. */
  async until(expression: string, wanted: (samples: readonly Sample[]) => boolean = () => true): Promise<Sample[]> {
    let samples: Sample[] = []
    await this.#until(async () => {
      samples = await this.query(expression)
      return samples.length > 0 && wanted(samples)
    })
    return samples
  }

  /** Alerts that are pending or firing. */
  async alerts(): Promise<{ labels: Record<string, string>; state: string }[]> {
    const response = await fetch(`${this.url}/api/v1/alerts`)
    const { data } = (await response.json()) as {
      data: { alerts: { labels: Record<string, string>; state: string }[] }
    }
    return data.alerts
  }

  /** Why the last scrape of a target failed; undefined where it did not. */
  async scrapeError(): Promise<string | undefined> {
    const response = await fetch(`${this.url}/api/v1/targets`)
    const { data } = (await response.json()) as { data: { activeTargets: { lastError: string }[] } }
    return data.activeTargets.map(({ lastError }) => lastError).find((error) => error !== '')
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition().catch(() => false))) {
      if (this.#child.exitCode !== null) throw new Error('prometheus has ended')
      await wait(100)
    }
  }
}

import { METRICS } from '../telemetry/metrics.ts'
import { prometheusLabel, prometheusName } from '../telemetry/prometheus-name.ts'
import { CANARY_FAULTS, type CanaryFault } from './fault.ts'
import type { RunResult } from './runs.ts'

const BUCKETS = METRICS['fieldseal.canary.duration'].buckets

/** What came of all runs, as a page for Prometheus (text format 0.0.4). */
export class CanaryMetrics {
  #passed = 0
  readonly #failed = new Map<CanaryFault, number>(CANARY_FAULTS.map((fault) => [fault, 0]))
  readonly #atMost = BUCKETS.map(() => 0)
  #runs = 0
  #seconds = 0
  readonly #lastSuccess = new Map<string, number>()

  /** @param now - Unix time in seconds. */
  add({ faults, proved, seconds }: RunResult, now = Date.now() / 1000): void {
    const codes = new Set(faults.map(({ code }) => code))
    if (codes.size === 0) this.#passed += 1
    // A run with several faults counts for each of them.
    for (const code of codes) this.#failed.set(code, this.#failed.get(code)! + 1)
    for (const name of proved) this.#lastSuccess.set(name, now)
    this.#runs += 1
    this.#seconds += seconds
    for (const [index, bound] of BUCKETS.entries()) if (seconds <= bound) this.#atMost[index]! += 1
  }

  text(): string {
    const result = prometheusLabel('fieldseal.canary.result')
    const fault = prometheusLabel('fieldseal.canary.fault')
    const recipient = prometheusLabel('fieldseal.recipient')
    const duration = prometheusName('fieldseal.canary.duration')
    return [
      ...described('fieldseal.canary.runs', [
        `{${result}="passed"} ${this.#passed}`,
        ...[...this.#failed].map(([code, count]) => `{${result}="failed",${fault}="${code}"} ${count}`),
      ]),
      ...described('fieldseal.canary.last.success', [
        ...[...this.#lastSuccess].map(([name, time]) => `{${recipient}="${escaped(name)}"} ${time}`),
      ]),
      ...described('fieldseal.canary.duration', []),
      ...BUCKETS.map((bound, index) => `${duration}_bucket{le="${bound}"} ${this.#atMost[index]}`),
      `${duration}_bucket{le="+Inf"} ${this.#runs}`,
      `${duration}_sum ${this.#seconds}`,
      `${duration}_count ${this.#runs}`,
      '',
    ].join('\n')
  }
}

function described(
  name: 'fieldseal.canary.runs' | 'fieldseal.canary.last.success' | 'fieldseal.canary.duration',
  samples: readonly string[],
): string[] {
  const shown = prometheusName(name)
  const { kind, description } = METRICS[name]
  return [`# HELP ${shown} ${description}`, `# TYPE ${shown} ${kind}`, ...samples.map((sample) => shown + sample)]
}

function escaped(label: string): string {
  return label.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}

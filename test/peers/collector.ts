import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunningProgram } from './running-program.ts'

/** Its metrics would take the port of every other Collector on the machine. */
const WITHOUT_METRICS = 'service: {telemetry: {metrics: {level: none}}}\n'

/** The OpenTelemetry Collector in a process of its own, once it takes batches. */
export async function runCollector(
  program: string,
  folder: string,
  name: string,
  config: string,
): Promise<RunningProgram> {
  const [file, telemetry] = [join(folder, `${name}.yaml`), join(folder, 'telemetry.yaml')]
  writeFileSync(file, config)
  writeFileSync(telemetry, WITHOUT_METRICS)
  const collector = new RunningProgram(program, ['--config', file, '--config', telemetry])
  await collector.line((line) => line.includes('Everything is ready.'))
  return collector
}

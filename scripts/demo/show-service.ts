import type { Screen } from './screen.ts'
import type { Passage } from './through-the-service.ts'

/** Shows what the service said of itself, and how it ended. */
export function showService({ address, batches, exitCode }: Passage, screen: Screen): void {
  const row = (when: string, what: string) => screen.line(`  ${when.padEnd(10)}  ${what}`)
  screen.title('The service meanwhile')
  row('started', `OTLP is taken at http://${address}/v1/logs`)
  row('/status', `${batches.accepted} batches accepted, ${batches.refused} refused, ${batches.inFlight} under way`)
  row('SIGTERM', 'while the third batch waits for the backend: it is finished and acknowledged')
  row('ended', `with exit code ${exitCode}; the file and the backend have each record once`)
}

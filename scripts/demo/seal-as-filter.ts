import { loadEngine } from '../../processor/index.ts'
import { holds } from './claims.ts'
import { PLANTED } from './planted.ts'
import { jsonLines } from './sample.ts'
import type { Screen } from './screen.ts'

/** Seals the sample as JSON lines, with the configuration of the service: same rules, same values. */
export function sealAsFilter(config: string, screen: Screen): void {
  const engine = loadEngine(config)
  const { bytes, values } = engine.seal(jsonLines(), 'json-lines')
  engine.close()
  const rules = new Set(PLANTED.map(({ rule }) => rule))
  for (const rule of rules) {
    const expected = PLANTED.filter((entry) => entry.rule === rule).reduce((sum, { times }) => sum + times, 0)
    holds(`the rule ${rule} acts on ${expected} values`, values.get(rule) === expected)
  }
  for (const { text, what } of PLANTED) holds(`the ${what} is not left in JSON lines`, !bytes.includes(text))
  screen.title('The same rules without the service')
  screen.line('  As a filter over JSON lines ("fieldseal seal") they find the same values:')
  screen.line(`  ${[...rules].map((rule) => `${rule} ${values.get(rule)}`).join(', ')}`)
}

import type { Subject } from '../measure.ts'
import { adversarialLines } from '../workloads/adversarial.ts'
import type { AdversarialCell } from './cell.ts'
import { benchEngine } from './engine.ts'
import { threeKeyPairs } from './key-pairs.ts'

/** The engine with the default pack on texts that are made to cost much. */
export async function prepareAdversarial({ bytes, length }: AdversarialCell): Promise<Subject> {
  const engine = await benchEngine('default-pack', await threeKeyPairs('P-256'))
  const lines = adversarialLines(bytes, length)
  const records = lines.toString('latin1').split('\n').length - 1
  return {
    work: () => engine.seal(lines, 'json-lines'),
    perWork: { records, bytes: lines.length, values: 0 },
    check: () => (engine.seal(lines, 'json-lines').records === records ? [] : ['records are missing']),
  }
}

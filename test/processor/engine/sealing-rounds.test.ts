import { afterAll, expect, test } from 'vitest'
import { SealingRounds, Slot } from '../../../processor/engine/sealing-rounds.ts'
import { headerTemplate } from '../../../processor/jwe/envelope.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { recipientFromJwk } from '../../../processor/jwe/recipients.ts'
import { Sealer } from '../../../processor/jwe/sealer.ts'
import { codeOf } from './fixtures.ts'

const sealer = new Sealer({ strict: false, maxAgeMs: 60_000, maxWraps: 1000, maxValueBytes: 1024 })
afterAll(() => sealer.close())

function slotFor(recipients: number): Slot {
  const keys = Array.from({ length: recipients }, (_, at) => generateKeyPair('X25519', `r${at}`).publicJwk)
  return new Slot({
    to: sealer.recipientSet(keys.map((key) => recipientFromJwk(key))),
    header: headerTemplate({ cty: 'text', path: 'body' }),
    serialization: 'general',
    depth: 0,
    record: 7,
    plaintext: () => Buffer.alloc(0),
  })
}

test('a batch that would be too long once sealed is refused before anything is sealed', () => {
  const slot = slotFor(8)
  const rounds = new SealingRounds(sealer, 1024)
  expect(codeOf(() => Array.from({ length: 310_000 }, () => rounds.add(slot)))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
})

test.each([1, 2, 8])('no JWE for %i recipients is shorter than what is reckoned with', (recipients) => {
  const slot = slotFor(recipients)
  const rounds = new SealingRounds(sealer, 1024)
  rounds.add(slot)
  rounds.run()
  expect(slot.sealed.jwe.length).toBeGreaterThan(150 + 200 * recipients)
})

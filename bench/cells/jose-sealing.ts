import { GeneralEncrypt, importJWK, type JWK } from 'jose'
import { opensTo } from '../checks/opens-to.ts'
import type { Subject } from '../measure.ts'
import { inTurn } from './batches.ts'
import type { JoseCell } from './cell.ts'
import { joseOpeners } from './jose-opener.ts'
import { threeKeyPairs } from './key-pairs.ts'
import { TextSink } from './text-sink.ts'
import { SEALED_VALUE_BYTES, valuesToSeal } from './values-to-seal.ts'

const PROTECTED = { enc: 'A256GCM', typ: 'fieldseal+jwe', v: 1, cty: 'text', path: 'body' }

/** jose's GeneralEncrypt for three recipients, one value awaited after the other; the keys are imported beforehand. */
export async function prepareJoseSealing(cell: JoseCell): Promise<Subject> {
  const pairs = await threeKeyPairs(cell.keys)
  const recipients = await Promise.all(
    pairs.map(async ({ publicJwk }) => ({
      key: await importJWK({ ...publicJwk } as JWK),
      kid: publicJwk.kid,
      alg: publicJwk.alg,
    })),
  )
  const seal = async (plaintext: Buffer): Promise<string> => {
    const encrypt = new GeneralEncrypt(plaintext).setProtectedHeader(PROTECTED)
    for (const { key, kid, alg } of recipients) encrypt.addRecipient(key).setUnprotectedHeader({ alg, kid })
    return JSON.stringify(await encrypt.encrypt())
  }
  const values = valuesToSeal()
  const sink = new TextSink()
  return {
    work: inTurn(values, async (value) => sink.write(await seal(value))),
    perWork: { records: 0, bytes: SEALED_VALUE_BYTES, values: 1 },
    check: async () => {
      const problems: string[] = []
      const jwe = await seal(values[0] as Buffer)
      for (const { name, open } of await joseOpeners(pairs, 1))
        if (!(await opensTo(open, jwe, String(values[0])))) problems.push(`${name} does not open it`)
      return problems
    },
  }
}

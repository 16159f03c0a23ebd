import { opensTo } from '../checks/opens-to.ts'
import type { Subject } from '../measure.ts'
import type { SealerCell } from './cell.ts'
import { joseOpeners } from './jose-opener.ts'
import { threeKeyPairs } from './key-pairs.ts'
import { product } from './product.ts'
import { productOpeners } from './product-opener.ts'
import { TextSink } from './text-sink.ts'
import { SEALED_VALUE_BYTES, valuesToSeal } from './values-to-seal.ts'

/** The limits of an epoch as they are by default (configuration: sealing.epoch), so that the agreements of new epochs are in the figure. */
const EPOCH = { maxAgeMs: 60_000, maxWraps: 2 ** 20, maxValueBytes: 2 ** 20 }

/** The sealer alone: values of 20 bytes for three recipients, `batch` of them in one call. */
export async function prepareSealer(cell: SealerCell): Promise<Subject> {
  const [{ Sealer }, { headerTemplate }, { recipientFromJwk }] = await Promise.all([
    product.sealer(),
    product.envelope(),
    product.recipients(),
  ])
  const pairs = await threeKeyPairs(cell.keys)
  const sealer = new Sealer({ ...EPOCH, strict: cell.strict })
  const to = sealer.recipientSet(pairs.map(({ publicJwk }) => recipientFromJwk({ ...publicJwk })))
  const sink = new TextSink()
  const header = headerTemplate({ cty: 'text', path: 'body' })
  const values = valuesToSeal().slice(0, cell.batch)
  const requests = values.map((plaintext) => ({ to, header, plaintext, serialization: 'general' as const }))
  const seal = () => sealer.seal(requests)
  return {
    work: () => {
      for (const { jwe } of seal()) sink.write(jwe)
    },
    perWork: { records: 0, bytes: cell.batch * SEALED_VALUE_BYTES, values: cell.batch },
    check: async () => {
      const problems: string[] = []
      const sealed = seal().map(({ jwe }) => jwe)
      const openers = [...(await productOpeners(pairs)), ...(await joseOpeners(pairs, 4))]
      for (const [index, jwe] of sealed.entries())
        for (const { name, open } of openers.filter(({ atMost }) => index < atMost))
          if (!(await opensTo(open, jwe, String(values[index])))) problems.push(`${name} does not open value ${index}`)
      if (sealed.length !== values.length) problems.push(`${sealed.length} values came out of ${values.length}`)
      return problems
    },
  }
}

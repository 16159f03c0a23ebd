import type { NamedOpener } from '../checks/sealed-batch.ts'
import type { KeyPair } from './key-pairs.ts'
import { product } from './product.ts'

const OPTIONS = { maxValueBytes: 2 ** 20 }

/** One opener for each recipient, by the product's own opener; tried on every planted value. */
export async function productOpeners(pairs: readonly KeyPair[]): Promise<NamedOpener[]> {
  const [{ Opener }, { privateKeyFromJwk }] = await Promise.all([product.opener(), product.privateKeys()])
  return pairs.map(({ name, privateJwk }) => {
    const opener = new Opener([privateKeyFromJwk({ ...privateJwk })], OPTIONS)
    const open = (jwe: string): string => opener.open(jwe).plaintext.toString('utf8')
    return { name: `the opener as ${name}`, open, atMost: Number.POSITIVE_INFINITY }
  })
}

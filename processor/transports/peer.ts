import { FieldsealError } from '../errors.ts'

/** @throws FieldsealError `FIELDSEAL_PEER_MISSING`: it names the package, and nothing of what was thrown. */
export async function peer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch {
    throw new FieldsealError('FIELDSEAL_PEER_MISSING', `${name} is not there: npm install ${name}`)
  }
}

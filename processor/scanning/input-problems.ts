import { FieldsealError } from '../errors.ts'
import { errnoOf } from '../sources/files/opened-file.ts'

/** What is wrong with the input, and no reason to leave out other files. */
export async function problemIn(work: () => Promise<void>): Promise<FieldsealError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!(error instanceof FieldsealError)) {
      // The system says so: the disk, the network it is on. What is ours has a code of ours.
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
      return unreadable(`it cannot be read on (${errnoOf(error)})`)
    }
    if (error.exit === 65 || error.code === 'FIELDSEAL_SOURCE_FAILED') return error
    throw error
  }
}

export function unreadable(what: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_SOURCE_FAILED', what)
}

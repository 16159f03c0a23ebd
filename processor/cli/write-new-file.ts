import { closeSync, fchmodSync, fsyncSync, openSync, unlinkSync, writeFileSync } from 'node:fs'
import { FieldsealError } from '../errors.ts'

/**
 * Writes a file that must not exist yet. `O_EXCL` follows no link, and the mode holds from the first moment, whatever
 * the umask allows beyond it.
 *
 * @returns whether it was written: false where something has the name.
 * @throws FieldsealError `FIELDSEAL_OUTPUT_FAILED`; there is no file then.
 */
export function writeNewFile(path: string, text: string, mode: number): boolean {
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx', mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new FieldsealError('FIELDSEAL_OUTPUT_FAILED', `${path} cannot be written`)
  }
  try {
    fchmodSync(descriptor, mode)
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } catch {
    unlinkSync(path)
    throw new FieldsealError('FIELDSEAL_OUTPUT_FAILED', `${path} cannot be written`)
  } finally {
    closeSync(descriptor)
  }
  return true
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All temporary files of a run stand in one folder, and go with it: also those of a test that failed half-way. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-tests-'))
  // Programs that run as users of their own (PostgreSQL does) have folders in it: anybody may pass, nobody else looks around.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

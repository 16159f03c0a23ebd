/**
 * Runs the service with `config.example.yaml` of this folder, in this very process, so that signals reach it: `npm start`.
 * Keys that the example names are made where there are none.
 */
import { join } from 'node:path'
import { makeMissingKeys } from './missing-keys.ts'
import { whatToTry } from './what-to-try.ts'

const CONFIG = 'config.example.yaml'
const COMMAND = join(import.meta.dirname, '../../processor/cli/main.ts')

const status = await makeMissingKeys(CONFIG, process.stdout)
if (status === 0) {
  process.stdout.write(whatToTry(CONFIG))
  process.argv.splice(1, process.argv.length, COMMAND, 'run', '-c', CONFIG)
  await import(COMMAND)
} else process.exitCode = status

/**
 * Shows what Fieldseal does: `node scripts/demo/run.ts [FOLDER]`. A program logs to the service, which seals for three
 * recipients. Keys and configuration are made anew in FOLDER, `.demo` where none is given; no address but those of
 * loopback is used. What it prints it has checked; what does not hold ends it with exit code 1.
 */
import { join, relative } from 'node:path'
import { Backend } from './backend.ts'
import { BrokenClaim } from './claims.ts'
import { openForEach } from './open-for-each.ts'
import { openWithJose } from './open-with-jose.ts'
import { Screen } from './screen.ts'
import { sealAsFilter } from './seal-as-filter.ts'
import { setUp } from './set-up.ts'
import { showRecord } from './show-record.ts'
import { showService } from './show-service.ts'
import { throughTheService } from './through-the-service.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, '../../.demo')
const screen = new Screen(process.stdout)
const backend = new Backend()

try {
  await backend.start()
  const made = setUp(folder, backend.endpoint)
  const passage = await throughTheService(made, backend)
  showRecord(passage.sealed, screen)
  openForEach(passage.sealed, made.privateKeys, screen)
  await openWithJose(passage.sealed, made.privateKeys, screen)
  showService(passage, screen)
  sealAsFilter(made.config, screen)
  const shown = relative(process.cwd(), folder)
  screen.title('What to try next')
  screen.line(`  npm run -s fieldseal -- open -f otlp-json -k ${shown}/fraud.jwk < ${shown}/sealed.jsonl`)
  screen.line('  npm start                         # the service, for records of your own')
  screen.line('  Change scripts/demo/rules.yaml and run the demo again.')
} catch (error) {
  if (!(error instanceof BrokenClaim)) throw error
  process.stderr.write(`\nThis does not hold: ${error.message}\n`)
  process.exitCode = 1
} finally {
  backend.close()
}

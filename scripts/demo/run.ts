/**
 * Shows on a small log what Fieldseal does: `node scripts/demo/run.ts [FOLDER]`. Keys and configuration are made anew in
 * FOLDER, `.demo` where none is given. What it prints it has checked; what does not hold ends it with exit code 1.
 */
import { join, relative } from 'node:path'
import { BrokenClaim } from './claims.ts'
import { openForEach } from './open-for-each.ts'
import { openWithJose } from './open-with-jose.ts'
import { Screen } from './screen.ts'
import { sealSample } from './seal-sample.ts'
import { setUp } from './set-up.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, '../../.demo')
const screen = new Screen(process.stdout)

try {
  const { engine, privateKeys } = setUp(folder)
  const sealed = sealSample(engine, folder, screen)
  openForEach(sealed, privateKeys, screen)
  await openWithJose(sealed, privateKeys, screen)
  engine.close()
  const shown = relative(process.cwd(), folder)
  screen.title('What to try next')
  screen.line(`  npm run -s fieldseal -- open --key ${shown}/fraud.jwk < ${shown}/sealed.jsonl`)
  screen.line('  Change scripts/demo/rules.yaml and run the demo again.')
  screen.line('  Seal a record of your own: README.md, "Your first record".')
} catch (error) {
  if (!(error instanceof BrokenClaim)) throw error
  process.stderr.write(`\nThis does not hold: ${error.message}\n`)
  process.exitCode = 1
}

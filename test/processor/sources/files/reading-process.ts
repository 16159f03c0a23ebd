import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FieldsealError } from '../../../../processor/errors.ts'
import { ByteBudget } from '../../../../processor/pipeline/byte-budget.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { filesSourceSettings } from '../../../../processor/sources/files/settings.ts'
import { filesSource } from '../../../../processor/sources/files/source.ts'

/** Reads logs of a folder and appends them to a file, and refuses now and then: until it is killed, or told to end. */
const [folder = '', out = ''] = process.argv.slice(2)

const output = openSync(out, 'a')
const log = openSync(join(folder, '../log'), 'a')
const source = filesSource(
  filesSourceSettings.parse({
    type: 'files',
    include: [join(folder, 'app.log*')],
    positions: join(folder, '../positions.json'),
    poll: '10ms',
    rotate_wait: '100ms',
    batch: '16KiB',
    max_line: '16KiB',
  }),
  {
    name: 'in',
    budget: new ByteBudget(1 << 20),
    connectionBytes: 1 << 20,
    log: (event, message, fields) => {
      writeSync(log, `${JSON.stringify({ event, message, ...fields })}\n`)
    },
    async deliver({ bytes }) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      if (Math.random() < 0.2) return refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'down'), 2)
      // What a kill has torn is no part of what follows.
      writeSync(output, Buffer.concat([Buffer.from('\n'), bytes]))
      if (Math.random() < 0.1) fsyncSync(output)
      return accepted()
    },
  },
)
await source.start()
writeSync(1, 'started\n')
process.stdin.resume().on('end', async () => {
  await source.drain()
  await source.close()
  closeSync(output)
  process.exit(0)
})

/** Logs 1,000 lines, and ends at once: `node ending-program.ts FORM ENDING VERSION CONFIG FILE`. */
import { once } from 'node:events'
import { sealingHook, sealingStream } from '../../../../processor/transports/pino/index.ts'
import { CANARY } from '../canaries.ts'
import { PINOS } from './programs.ts'

const [form, ending, version, config, file] = process.argv.slice(2) as [string, string, string, string, string]
const { pino, target } = PINOS.find((one) => one.version === version)!

/** A worker that has not started, or a file that is not open, is something else: here the program has run for a while. */
async function loggerOf() {
  if (form === 'worker') {
    const transport = pino.transport({ target, options: { config, destination: file } })
    // The worker waits for what pino says of itself.
    const logger = pino(transport)
    await once(transport, 'ready')
    return logger
  }
  const to = pino.destination({ dest: file, sync: form !== 'hook, sync: false' })
  await once(to, 'ready')
  return form === 'stream' ? pino(sealingStream({ config, to })) : pino({ ...sealingHook({ config }) }, to)
}

const logger = await loggerOf()
if (ending === 'SIGTERM with a handler') process.on('SIGTERM', () => process.exit(0))
const awake = setInterval(() => {}, 1000)
for (let n = 0; n < 1000; n += 1) logger.info({ n, to: CANARY.mail }, `line ${CANARY.token}`)

switch (ending) {
  case 'process.exit':
    process.exit(0)
    break
  case 'uncaught throw':
    throw new Error('uncaught')
  case 'SIGKILL':
    process.kill(process.pid, 'SIGKILL')
    break
  case 'end of the program':
    clearInterval(awake)
    break
  default:
    process.kill(process.pid, 'SIGTERM')
}

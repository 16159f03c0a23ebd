// Lines are sealed in pino's worker thread: the program's own thread pays nothing.
import { join } from 'node:path'
import { pino } from 'pino'

const CONFIG = join(import.meta.dirname, 'config.yaml')

const logger = pino({
  transport: { target: 'fieldseal/pino', options: { config: CONFIG, destination: 1 } },
})

logger.info(
  { user: { email: 'jane.doe@example.com' }, card: '4111 1111 1111 1111' },
  'login of %s',
  'jane.doe@example.com',
)
logger.error(new Error('no mailbox jane.doe@example.com'), 'delivery failed')

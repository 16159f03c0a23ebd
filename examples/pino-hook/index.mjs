// Lines are sealed within the call that logs them: nothing in the clear leaves the thread.
import { join } from 'node:path'
import { sealingHook } from 'fieldseal/pino'
import { pino } from 'pino'

const CONFIG = join(import.meta.dirname, 'config.yaml')

const seal = sealingHook({ config: CONFIG })
const logger = pino({ hooks: seal.hooks })

logger.info(
  { user: { email: 'jane.doe@example.com' }, card: '4111 1111 1111 1111' },
  'login of %s',
  'jane.doe@example.com',
)
logger.error(new Error('no mailbox jane.doe@example.com'), 'delivery failed')
seal.close()

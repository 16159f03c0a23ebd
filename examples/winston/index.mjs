// A format of the logger seals.
import { join } from 'node:path'
import { seal } from 'fieldseal/winston'
import winston from 'winston'

const CONFIG = join(import.meta.dirname, 'config.yaml')

const { combine, errors, json, splat } = winston.format

const logger = winston.createLogger({
  // Behind splat() and errors(), before json(): every transport of the logger gets sealed records.
  format: combine(errors({ stack: true }), splat(), seal({ config: CONFIG }), json()),
  transports: [new winston.transports.Console()],
})

logger.info('login of %s', 'jane.doe@example.com', { card: '4111 1111 1111 1111' })
logger.error(new Error('no mailbox jane.doe@example.com'))

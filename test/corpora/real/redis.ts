import { FreePorts } from '../../peers/free-ports.ts'
import { RunningProgram } from '../../peers/running-program.ts'
import { outputOf, type RealProgram } from './program.ts'
import { untilItAnswers } from './until-it-answers.ts'

/** Redis at its debug level, and every command as `MONITOR` shows it. */
export const redis: RealProgram = {
  name: 'Redis',
  debianPackage: 'redis-server',
  check: 'command -v redis-server && command -v redis-benchmark',
  async lines(folder) {
    const port = String(await new FreePorts().next())
    const options = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--loglevel', 'debug', '--hz', '100']
    const server = new RunningProgram('redis-server', options)
    await untilItAnswers(async () => {
      if (!outputOf('redis-cli', ['-p', port, 'ping']).includes('PONG')) throw new Error('not yet')
    }, server)
    const monitor = new RunningProgram('redis-cli', ['-p', port, 'monitor'])
    await monitor.line((line) => line === 'OK')
    const tests = ['set', 'get', 'incr', 'lpush', 'hset', 'zadd']
    const benchmark = outputOf('redis-benchmark', [
      '-p',
      port,
      '-n',
      '200',
      '-c',
      '3',
      '-r',
      '100000',
      '-t',
      tests.join(),
    ])
    const told = [['info', 'everything'], ['client', 'list'], ['slowlog', 'get'], ['bgsave'], ['memory', 'stats']]
    const answers = told.flatMap((command) => outputOf('redis-cli', ['-p', port, ...command]))
    await server.stop()
    await monitor.finished
    return [...server.lines, ...monitor.lines, ...benchmark, ...answers]
  },
}

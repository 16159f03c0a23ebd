import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { checkNodeOptions, splitNodeOptions } from '../../../processor/service/node-options.ts'

const SHOWING = [
  '--inspect',
  '--inspect=127.0.0.1:0',
  '--inspect-brk',
  '--inspect-wait',
  '--inspect-port=0',
  '--debug-port=0',
  '--heapsnapshot-signal=SIGUSR2',
  '--heapsnapshot-near-heap-limit=1',
  '--heap-prof',
  '--heap-snapshot-on-oom',
  '--cpu-prof',
  '--prof',
  '--perf-prof',
  '--perf-basic-prof',
  '--interpreted-frames-native-stack',
  '--report-on-signal',
  '--report-signal=SIGUSR2',
  '--report-on-fatalerror',
  '--report-uncaught-exception',
  '--abort-on-uncaught-exception',
  '--unhandled-rejections=warn',
  '--trace-uncaught',
  '--trace-exit',
  '--trace-tls',
  '--trace-env',
  '--trace-events-enabled',
  '--trace',
  '--tls-keylog=keys.log',
  '--watch',
  '--build-snapshot',
  '--no-disable-sigusr1',
  '--allow-natives-syntax',
  '--env-file=.env',
  '--experimental-config-file=node.json',
  '--loader=x',
  '-e',
]

/** The name under which an option is refused. */
const nameOf = (option: string) => option.split('=')[0]!

describe('options of Node', () => {
  test.each(SHOWING)('%s is refused on the command line and in NODE_OPTIONS', (option) => {
    const refused = (where: string) =>
      expect.objectContaining({
        code: 'FIELDSEAL_INSPECTABLE',
        message: `${nameOf(option)} ${where} is not allowed for the service`,
      })
    expect(() => checkNodeOptions(['--title=x', option], {})).toThrow(refused('on the command line'))
    expect(() => checkNodeOptions([], { NODE_OPTIONS: `--title=x ${option}` })).toThrow(refused('in NODE_OPTIONS'))
  })

  test('are refused however they are written', () => {
    for (const option of ['--heapsnapshot_signal=SIGUSR2', '--report_on_signal', '--inspect_brk=0'])
      expect(() => checkNodeOptions([option], {}), option).toThrow(/is not allowed/)
    expect(() => checkNodeOptions([], { NODE_OPTIONS: '"--inspect"' })).toThrow(/^--inspect /)
    expect(() => checkNodeOptions([], { NODE_OPTIONS: '"--ins\\pect"' })).toThrow(/^--inspect /)
    expect(() => checkNodeOptions([], { NODE_OPTIONS: '--ins"pect"' })).toThrow(/^--inspect /)
  })

  test('cannot hide where the value of another one would be', () => {
    expect(() => checkNodeOptions(['--max-old-space-size', '--inspect'], {})).toThrow(/^--inspect /)
    expect(() => checkNodeOptions(['--title', '--inspect'], {})).toThrow(/^--inspect /)
    expect(() => checkNodeOptions(['--expose-gc', 'x.js'], {})).toThrow(/^an option /)
  })

  test('that show nothing are let through, those of NODE_OPTIONS first', () => {
    const NODE_OPTIONS = '--max-old-space-size=512 --use-openssl-ca'
    expect(checkNodeOptions(['--title', 'sealer', '--tls_min_v1.3'], { NODE_OPTIONS })).toEqual({
      options: ['--max-old-space-size=512', '--use-openssl-ca', '--title', 'sealer', '--tls_min_v1.3'],
      foreign: [],
    })
  })

  test('that run code of others are named', () => {
    const NODE_OPTIONS = '--import ./telemetry.js --require=a'
    expect(checkNodeOptions(['-r', 'b'], { NODE_OPTIONS }).foreign).toEqual(['--import', '--require', '-r'])
  })

  test('and their values are not shown', () => {
    expect(() => checkNodeOptions(['--inspect=secret'], {})).toThrow(/^(?!.*secret)/)
    expect(() => checkNodeOptions(['--in spect secret'], {})).toThrow(/^an option /)
  })

  test.each([
    ['NODE_V8_COVERAGE', 'folder'],
    ['NODE_DEBUG', 'http'],
    ['NODE_DEBUG_NATIVE', 'TLS'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ])('the variable %s is refused as well', (name, value) => {
    expect(() => checkNodeOptions([], { [name]: value })).toThrow(
      expect.objectContaining({ message: `${name} in the environment is not allowed for the service` }),
    )
    expect(() => checkNodeOptions([], { [name]: '' })).not.toThrow()
  })

  test.each(['--title="a b"', '--title="a \\"b\\\\"', ' --no-warnings  --title=x ', '--ti"tle=a"b', '--title=a\\b'])(
    '%j is split as Node splits it',
    (NODE_OPTIONS) => {
      const title = execFileSync(process.execPath, ['-e', 'process.stdout.write(process.title)'], {
        env: { NODE_OPTIONS },
        encoding: 'utf8',
      })
      expect(splitNodeOptions(NODE_OPTIONS).find((option) => option.startsWith('--title='))).toBe(`--title=${title}`)
    },
  )
})

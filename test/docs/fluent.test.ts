import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../processor/config/load.ts'
import { serviceIssues } from '../../processor/config/service-issues.ts'
import { operatorsFolder } from '../peers/fieldseal.ts'
import { codeBlock } from './document.ts'

const PAGE = 'docs/fluent.md'

/** The configuration of a place on the page, with files of the test where it names some. */
function fieldsealBlock(place: string) {
  const { folder, remove } = operatorsFolder()
  const file = join(folder, 'config.yaml')
  const config = codeBlock(PAGE, `${place}: fieldseal`).replaceAll(/\/(?:etc|var\/lib)\/fieldseal\//g, 'keys/')
  for (const [, path] of config.matchAll(/[ [](keys\/[\w.-]+\.(?:pem|key|password))/g)) {
    mkdirSync(dirname(join(folder, path!)), { recursive: true })
    writeFileSync(join(folder, path!), 'c0ffee'.repeat(6), { mode: 0o600 })
  }
  writeFileSync(file, config)
  const loaded = loadConfig(file, { env: {} })
  remove()
  return loaded
}

test.each(['behind-fluent-bit', 'behind-fluentd', 'between', 'elsewhere'])(
  'the configuration of Fieldseal is valid: %s',
  (place) => {
    expect(serviceIssues(fieldsealBlock(place))).toEqual([])
  },
)

describe.each(['behind-fluent-bit', 'behind-fluentd', 'between'])('%s', (place) => {
  const [source] = Object.values(fieldsealBlock(place).settings.sources)

  test('whoever sends wants acknowledgements, and knows the port', () => {
    if (source?.type !== 'forward') throw new Error('the source is not Fluent Forward')
    const { port } = source.listen
    if (place === 'behind-fluentd') {
      const sender = codeBlock(PAGE, `${place}: fluentd`)
      expect(sender).toContain('require_ack_response true')
      expect(sender).toContain(`port ${port}\n`)
      return
    }
    const [output] = parse(codeBlock(PAGE, `${place}: fluent-bit`)).pipeline.outputs
    expect(output).toMatchObject({ name: 'forward', require_ack_response: true, port })
    expect(output.shared_key === undefined).toBe(source.security === undefined)
    expect(output.tls === undefined).toBe(source.tls === undefined)
    expect(source.security?.users.map(({ name }) => name) ?? []).toEqual(output.username ? [output.username] : [])
  })
})

test('the receiver behind Fieldseal listens where Fieldseal sends', () => {
  const [sink] = Object.values(fieldsealBlock('between').settings.sinks)
  if (sink?.type !== 'forward') throw new Error('the sink is not Fluent Forward')
  expect(codeBlock(PAGE, 'between: fluentd')).toContain(`port ${sink.endpoints[0]!.port}\n`)
})

test('both receivers elsewhere listen where Fieldseal sends, and want what it has', () => {
  const [sink] = Object.values(fieldsealBlock('elsewhere').settings.sinks)
  if (sink?.type !== 'forward') throw new Error('the sink is not Fluent Forward')
  const { port } = sink.endpoints[0]!
  const user = sink.security!.user!
  const [input] = parse(codeBlock(PAGE, 'elsewhere: fluent-bit')).pipeline.inputs
  expect(input).toMatchObject({ name: 'forward', port, tls: 'on' })
  expect(input['security.users']).toMatch(new RegExp(`^${user} `))
  const fluentd = codeBlock(PAGE, 'elsewhere: fluentd')
  for (const line of [`port ${port}\n`, '<transport tls>\n', `username ${user}\n`]) expect(fluentd).toContain(line)
})

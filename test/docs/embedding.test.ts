import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as pino from '../../processor/transports/pino/index.ts'
import * as testing from '../../processor/transports/testing/index.ts'
import * as winston from '../../processor/transports/winston/index.ts'
import { codeBlock, document, ROOT } from './document.ts'
import { Example } from './example.ts'

const PAGE = 'docs/embedding.md'
const LOGS = "('login of jane.doe@example.com failed')"
const SEALED = /login of \[sealed:email:[\w-]{8}\/0\] failed/

function example(): Example {
  const made = new Example()
  onTestFinished(() => made.remove())
  return made
}

function expectSealed(text: string, times = 1): void {
  expect(text.match(new RegExp(SEALED, 'g'))).toHaveLength(times)
  expect(text).not.toContain('jane.doe')
}

describe('the example for', () => {
  test('winston, by the format, prints its address sealed', async () => {
    expectSealed(await example().run(codeBlock(PAGE, 'winston'), `logger.info${LOGS}`))
  })

  test('winston, by the transport, writes its address sealed', async () => {
    const one = example()
    await one.run(codeBlock(PAGE, 'winston transport'), `logger.info${LOGS}; logger.end()`)
    expectSealed(one.read('app.log'))
  })

  test('pino, by the worker, writes its address sealed', async () => {
    const one = example()
    await one.run(codeBlock(PAGE, 'pino worker'), `logger.info${LOGS}`)
    expectSealed(one.read('app.log'))
  })

  test('pino, by the hook and the stream, writes both addresses sealed', async () => {
    const one = example()
    await one.run(codeBlock(PAGE, 'pino in process'), `hooked.info${LOGS}; streamed.info${LOGS}`)
    expectSealed(one.read('app.log'), 2)
  })
})

test('the test of the page passes for the logger of the page by the default rules, and fails for a bare one', async () => {
  const one = example()
  one.write(
    'fieldseal.yaml',
    `recipients: { dpo: { jwk: dpo.pub.jwk } }
groups: { default: [dpo] }
rules: [${JSON.stringify(join(ROOT, 'rules/packs/default.yaml'))}]`,
  )
  const [imports, ...rest] = codeBlock(PAGE, 'testing').split('\n')
  const before = (options: string) => `import pino from 'pino'
import { sealingHook } from 'fieldseal/pino'
import { writeFileSync } from 'node:fs'
const lines = []
writeFileSync('app.log', '')
const write = (line) => { lines.push(line); writeFileSync('app.log', line, { flag: 'a' }) }
const logger = pino(${options}, { write })
const test = (title, run) => run().then(() => console.log('passed'), ({ message }) => console.log(message))`
  const run = (options: string) => one.run(`${imports}\n${before(options)}\n${rest.join('\n')}`)
  expect(await run("sealingHook({ config: 'fieldseal.yaml' })")).toBe('passed\n')
  expect(await run('{}')).toContain('info x message x file: email is in the clear (as it is)')
})

test('the page names what there is', () => {
  const page = document(PAGE)
  for (const name of Object.keys({ ...pino, ...testing, ...winston })) {
    if (name !== 'default') expect(page).toContain(name)
  }
})

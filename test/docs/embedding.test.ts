import { describe, expect, onTestFinished, test } from 'vitest'
import * as pino from '../../processor/transports/pino/index.ts'
import * as testing from '../../processor/transports/testing/index.ts'
import * as winston from '../../processor/transports/winston/index.ts'
import { codeBlock, document } from './document.ts'
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

test('the page names what there is', () => {
  const page = document(PAGE)
  for (const name of Object.keys({ ...pino, ...testing, ...winston })) {
    if (name !== 'default') expect(page).toContain(name)
  }
})

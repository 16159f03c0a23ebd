import { expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { SOURCES } from '../../../../processor/sources/index.ts'
import { otlpHttpSource } from '../../../../processor/sources/otlp-http/source.ts'
import { sourceSettings } from '../../../../processor/sources/settings.ts'
import { connects, sourceContext } from '../suite.ts'
import { ask, settingsOf, startSource } from './fixtures.ts'

test('the catalogue makes every kind of source that can be configured, and no other', () => {
  const kinds = sourceSettings.options.flatMap((option) => [...option.shape.type.values])
  expect(Object.keys(SOURCES).sort()).toEqual(kinds.sort())
})

test('an address that other machines reach is not opened to everyone, unless that is said', async () => {
  const context = sourceContext(async () => accepted())
  const source = otlpHttpSource(settingsOf({ listen: '0.0.0.0:0' }), context)
  await expect(source.start()).rejects.toMatchObject({ code: 'FIELDSEAL_CONFIG_INVALID' })
  expect(source.address).toBe('')
})

test('where that is said, the log says so, too', async () => {
  const { context, port } = await startSource({ options: { listen: '0.0.0.0:0', insecure: true } })
  expect(context.lines.map(([event]) => event)).toEqual(['insecure'])
  expect((await ask(port, { body: Buffer.from('x') })).status).toBe(200)
})

test('on loopback there is nothing to be said', async () => {
  expect((await startSource()).context.lines).toEqual([])
})

test('an IPv6 address is written in brackets', async () => {
  const { source } = await startSource({ options: { listen: '[::1]:0' } })
  expect(source.address).toMatch(/^\[::1\]:\d+$/)
})

test('nothing listens any more once it drains', async () => {
  const { source } = await startSource()
  const { address } = source
  expect(await connects(address)).toBe(true)
  await source.drain()
  expect(await connects(address)).toBe(false)
})

import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { ByteBudget } from '../../../processor/pipeline/byte-budget.ts'
import { Health } from '../../../processor/pipeline/health.ts'
import { createPipeline } from '../../../processor/pipeline/pipeline.ts'
import { accepted, type Settlement } from '../../../processor/pipeline/settlement.ts'
import { CapitalEngine, incoming, MemorySink, notWanted, unavailable } from './fixtures.ts'

function pipelineOf(...sinks: MemorySink[]) {
  const engine = new CapitalEngine()
  const health = new Health(() => engine.check())
  const deliver = createPipeline({ stages: () => ({ engine, sinks }), health })
  return { engine, health, deliver }
}

const codeOf = (settlement: Settlement) => (settlement.outcome === 'refused' ? settlement.error.code : 'accepted')

describe('a batch', () => {
  test('is accepted only once every required sink has accepted it', async () => {
    const slow = new MemorySink('slow')
    let finish = (_: Settlement): void => {}
    slow.settle = () => new Promise((resolve) => (finish = resolve))
    const { deliver } = pipelineOf(new MemorySink('fast'), slow)
    let settled = false
    const settlement = deliver(incoming('a')).then((result) => {
      settled = true
      return result
    })
    await new Promise(setImmediate)
    expect(settled).toBe(false)
    finish(accepted())
    expect(await settlement).toEqual(accepted())
  })

  test('goes out as the engine has made it, and never as it came', async () => {
    const sink = new MemorySink()
    await pipelineOf(sink).deliver(incoming('secret'))
    expect(sink.batches.map(({ bytes }) => bytes.toString())).toEqual(['SECRET'])
  })

  test('that one required sink refuses is refused, and may be sent again where that can help', async () => {
    const full = new MemorySink('full')
    full.settle = () => unavailable(3000)
    const picky = new MemorySink('picky')
    picky.settle = notWanted
    expect(codeOf(await pipelineOf(new MemorySink(), picky).deliver(incoming('a')))).toBe('FIELDSEAL_SINK_REFUSED')
    expect(await pipelineOf(picky, full).deliver(incoming('a'))).toMatchObject({
      error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' },
      retryAfterMs: 3000,
    })
  })

  test('is accepted whatever a sink says that is not required', async () => {
    const optional = new MemorySink('optional', false)
    optional.settle = () => unavailable()
    expect(await pipelineOf(new MemorySink(), optional).deliver(incoming('a'))).toEqual(accepted())
  })

  test('tells how many of its records a backend did not want', async () => {
    const sink = new MemorySink()
    sink.settle = () => accepted(2)
    expect(await pipelineOf(new MemorySink('all'), sink).deliver(incoming('a'))).toEqual(accepted(2))
  })

  test('is refused where a sink breaks its contract, without a word of what it threw', async () => {
    const sink = new MemorySink()
    sink.settle = () => {
      throw new Error('jane@example.com')
    }
    const settlement = await pipelineOf(sink).deliver(incoming('a'))
    expect(codeOf(settlement)).toBe('FIELDSEAL_INTERNAL')
    expect(JSON.stringify(settlement)).not.toContain('jane')
  })

  test('is freed once every sink has accepted it, and left alone where one may still be writing', async () => {
    const sink = new MemorySink()
    const other = new MemorySink('other', false)
    const { deliver, engine } = pipelineOf(sink, other)
    const sealed = () => Buffer.from(new ArrayBuffer(8))
    const first = sealed()
    engine.seal = () => ({ bytes: first, records: 1, values: new Map(), audited: new Map() })
    await deliver(incoming('a'))
    expect(first.buffer.detached).toBe(true)
    const second = sealed()
    engine.seal = () => ({ bytes: second, records: 1, values: new Map(), audited: new Map() })
    other.settle = () => unavailable()
    expect(await deliver(incoming('a'))).toEqual(accepted())
    expect(second.buffer.detached).toBe(false)
  })

  test('that grows by sealing needs room for it', async () => {
    const sink = new MemorySink()
    const { deliver, engine } = pipelineOf(sink)
    engine.seal = () => ({ bytes: Buffer.alloc(50), records: 1, values: new Map(), audited: new Map() })
    const budget = new ByteBudget(60)
    const batch = incoming('0123456789', budget)
    const first = await deliver(batch)
    expect([codeOf(first), budget.used]).toEqual(['accepted', 50])
    expect(codeOf(await deliver(incoming('0123456789', budget)))).toBe('FIELDSEAL_BUSY')
    expect(codeOf(await deliver(incoming('0123456789', new ByteBudget(49))))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
    expect(sink.batches).toHaveLength(1)
  })
})

describe('when sealing fails', () => {
  const faults = {
    'a coded error': new FieldsealError('FIELDSEAL_SEAL_FAILED', 'the cipher failed'),
    'anything else': new TypeError('jane@example.com is not a function'),
  }

  test.each(Object.entries(faults))('by %s, nothing is sent until a check succeeds', async (_, fault) => {
    const sink = new MemorySink()
    const { engine, health, deliver } = pipelineOf(sink)
    engine.fault = fault
    const settlement = await deliver(incoming('a'))
    expect(settlement.outcome).toBe('refused')
    expect(JSON.stringify([settlement, health.error])).not.toContain('jane')
    // The cipher works again for this batch alone: it must not go out while the check says no.
    engine.seal = () => ({ bytes: Buffer.from('x'), records: 1, values: new Map(), audited: new Map() })
    expect((await deliver(incoming('a'))).outcome).toBe('refused')
    expect(sink.batches).toEqual([])
    engine.fault = undefined
    expect(await deliver(incoming('a'))).toEqual(accepted())
    expect(health.error).toBeUndefined()
  })

  test('by what is wrong with the input, others are served on', async () => {
    const sink = new MemorySink()
    const { engine, health, deliver } = pipelineOf(sink)
    engine.fault = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'malformed')
    expect(codeOf(await deliver(incoming('a')))).toBe('FIELDSEAL_INPUT_MALFORMED')
    expect(health.error).toBeUndefined()
  })

  test('each change is reported once', async () => {
    const changes: (string | undefined)[] = []
    const engine = new CapitalEngine()
    const health = new Health(
      () => engine.check(),
      (error) => changes.push(error?.code),
    )
    engine.fault = new FieldsealError('FIELDSEAL_SEAL_FAILED', 'the cipher failed')
    health.failed(new FieldsealError('FIELDSEAL_SEAL_FAILED', 'the cipher failed'))
    health.recover()
    health.recover()
    engine.fault = undefined
    health.recover()
    health.recover()
    expect(changes).toEqual(['FIELDSEAL_SEAL_FAILED', undefined])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operatorsFolder, RECIPIENTS, type RunningFieldseal, runFieldseal } from '../peers/fieldseal.ts'
import { describeWithPeer } from '../peers/peer.ts'
import { RunningProgram } from '../peers/running-program.ts'
import { untilComplete } from '../peers/until-complete.ts'

const RECORDS = 2000

describeWithPeer('fluent-logger for Python, which asks for no acknowledgements', 'python-forwarder', (program) => {
  const { folder, remove } = operatorsFolder()
  let fieldseal: RunningFieldseal
  beforeAll(async () => {
    fieldseal = await runFieldseal(
      folder,
      `${RECIPIENTS}
service: {admin: {listen: '127.0.0.1:0'}}
sources: {agents: {type: forward, listen: '127.0.0.1:0'}}
sinks: {archive: {type: file, path: sealed.jsonl, format: json_lines}}
`,
    )
  })
  afterAll(async () => {
    expect(await fieldseal.program.stop()).toEqual({ code: 0, signal: null })
    expect(fieldseal.program.output).not.toContain('@example.com')
    remove()
  })

  test('every record arrives once, in order, and sealed, whichever way it is sent', async () => {
    const [host = '', port = ''] = fieldseal.source('agents').split(':')
    const ways = [[], ['--nanoseconds'], ['--asynchronous']]
    for (const [index, flags] of ways.entries()) {
      const sender = new RunningProgram(program, ['--host', host, '--port', port, '--records', `${RECORDS}`, ...flags])
      expect(await sender.finished).toMatchObject({ code: 0 })
      const all = () => Array.from(written().matchAll(/"seq":(\d+)/g), ([, number]) => Number(number))
      await untilComplete(() => ({ complete: all().length >= RECORDS * (index + 1), news: all().length }))
      expect(all().slice(RECORDS * index)).toEqual(Array.from({ length: RECORDS }, (_, number) => number))
    }
    expect(written()).not.toContain('@example.com')
    expect(written().match(/\[sealed:email:/g)).toHaveLength(RECORDS * ways.length)
  })

  const written = () => readFileSync(join(folder, 'sealed.jsonl'), 'utf8')
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrivals } from '../peers/arrivals.ts'
import { Backend } from '../peers/backend.ts'
import { describeEachExporter } from '../peers/exporters.ts'
import { operatorsFolder, RECIPIENTS, type RunningFieldseal, runFieldseal } from '../peers/fieldseal.ts'

const RECORDS = 2000
const everyNumber = Array.from({ length: RECORDS }, (_, number) => number)

describe('exporters of others, with the service between them and a backend', () => {
  const { folder, remove } = operatorsFolder()
  let backend: Backend
  let fieldseal: RunningFieldseal
  beforeAll(async () => {
    backend = await Backend.start()
    fieldseal = await runFieldseal(
      folder,
      `${RECIPIENTS}
service: {admin: {listen: '127.0.0.1:0'}}
sources: {applications: {type: otlp_http, listen: '127.0.0.1:0'}}
sinks: {backend: {type: otlp_http, endpoint: '${backend.url}'}}
`,
    )
  })
  afterAll(async () => {
    expect(await fieldseal.program.stop()).toEqual({ code: 0, signal: null })
    expect(fieldseal.program.output).not.toContain('@example.com')
    await backend.close()
    remove()
  })

  describeEachExporter((exporter) => {
    test.each(['none', 'gzip'] as const)('every record arrives once, sealed (compression: %s)', async (compression) => {
      backend.reset()
      const endpoint = `http://${fieldseal.source('applications')}/v1/logs`
      const sent = await exporter.send({ endpoint, records: RECORDS, batch: 100, compression })
      expect([sent.code, sent.refused]).toEqual([0, []])
      expect([...sent.accepted].sort((a, b) => a - b)).toEqual(everyNumber)
      const { times, duplicates } = arrivals(backend.stored)
      expect(duplicates).toBe(0)
      expect([...times.keys()].sort((a, b) => a - b)).toEqual(everyNumber)
      expect(new Set(backend.stored.map(({ format }) => format))).toEqual(new Set([exporter.format]))
    })
  })
})

import { composeEngine } from '../compose.ts'
import { loadConfig } from '../config/load.ts'
import { FORMAT_NAMES, type FormatName } from '../formats/index.ts'
import { defineCommand } from './arguments.ts'
import { runFilter } from './filter.ts'

/** `fieldseal seal`: a filter that seals what the rules name. */
export const sealCommand = defineCommand({
  name: 'seal',
  summary: 'Reads logs from standard input, seals what the rules name, and writes the same format to standard output.',
  usage: '-c FILE [options] < LOGS > SEALED',
  options: {
    config: { type: 'string', short: 'c', value: 'FILE', description: 'The configuration.', required: true },
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      description:
        'json-lines: one object a line; otlp-json: one request a line; otlp-protobuf: requests, each behind its length as a varint; forward: messages of Fluent Forward one behind the other; text: one text a line.',
      choices: FORMAT_NAMES,
      default: 'json-lines',
    },
    'on-error': {
      type: 'string',
      value: 'WHAT',
      description: 'A bad record ends the run, or is left out.',
      choices: ['stop', 'skip'],
      default: 'stop',
    },
    report: {
      type: 'boolean',
      description:
        'At the end, write to standard error how many values each rule acted on, and what the leak scan has found.',
    },
  },
  async run({ values }, io) {
    const loaded = loadConfig(values.config, { env: io.env })
    for (const warning of loaded.warnings) io.stderr.write(`warning: ${warning}\n`)
    const engine = composeEngine(loaded)
    const counts = new Map<string, number>()
    const leaks = new Map<string, number>()
    let records = 0
    let refused = 0
    const format = values.format as FormatName
    try {
      const transform = (bytes: Buffer): Buffer => {
        const sealed = engine.seal(bytes, format)
        records += sealed.records
        refused += sealed.recordsRefused ?? 0
        for (const { detector, path, count } of sealed.leaks?.findings ?? []) {
          const leak = `leak scan: ${detector} at ${path}`
          leaks.set(leak, (leaks.get(leak) ?? 0) + count)
        }
        for (const [rule, count] of sealed.values) counts.set(rule, (counts.get(rule) ?? 0) + count)
        return sealed.bytes
      }
      const exit = await runFilter(
        { format, limits: loaded.settings.limits, onError: values['on-error'] as 'stop' | 'skip', transform },
        io,
      )
      if (refused > 0)
        io.stderr.write(`warning: the leak scan has refused ${refused} ${refused === 1 ? 'record' : 'records'}\n`)
      if (values.report) io.stderr.write(reportText(records, new Map([...counts, ...leaks])))
      return exit
    } finally {
      engine.close()
    }
  },
})

function reportText(records: number, counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].map(([rule, count]) => `${String(count).padStart(8)}  ${rule}\n`)
  return `${String(records).padStart(8)}  records\n${rows.join('')}`
}

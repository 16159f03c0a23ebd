import { Readable } from 'node:stream'
import { explanationJson } from '../authoring/explain-json.ts'
import { explainRecords } from '../authoring/explain-records.ts'
import { explanationText } from '../authoring/explain-text.ts'
import { rulesInUse } from '../authoring/rules-in-use.ts'
import { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import { defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'
import { FORMAT_OPTION, readSample, tellOfTerminal } from './sample.ts'

/** `fieldseal explain`: why something was acted on, and something else was not. */
export const explainCommand = defineCommand({
  name: 'explain',
  summary:
    'Says of some records what each rule finds in them, which rule has it and why the others do not, what the detector goes by, and what looks like something and does not count. Values are shown in the clear.',
  usage: '[FILE...] [options] < RECORDS',
  positionals: [
    {
      name: 'FILE...',
      description: 'Rule files. Default: those of the configuration.',
      optional: true,
      repeated: true,
    },
  ],
  options: {
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'A configuration: its recipients, groups and settings hold. No key is needed without it.',
    },
    format: FORMAT_OPTION,
    output: {
      type: 'string',
      value: 'FORM',
      description: 'pretty: for people; json: one object a line, for each record, resource or scope.',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
  },
  run: ({ values, positionals }, io) =>
    reportingIssues(io.stderr, async () => {
      const format = values.format as FormatName
      const rules = rulesInUse({ config: values.config, files: positionals, env: io.env })
      const paint = painter(io)
      try {
        tellOfTerminal(io)
        const { limits } = rules.settings
        const stdin = Readable.from([onOneLine(await readAll(io.stdin, limits.batch), format)])
        await readSample(format, limits, { ...io, stdin }, (bytes, number) =>
          explainRecords(rules, bytes, format, number)
            .map((record) =>
              values.output === 'json'
                ? `${JSON.stringify(explanationJson(record))}\n`
                : `${explanationText(record, rules, paint)}\n`,
            )
            .join(''),
        )
      } finally {
        rules.engine.close()
      }
      return 0
    }),
})

async function readAll(stdin: NodeJS.ReadableStream, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array)
    size += bytes.length
    if (size > limit)
      throw new FieldsealError(
        'FIELDSEAL_INPUT_TOO_LARGE',
        'this is more than one batch: "fieldseal preview" is for many',
      )
    chunks.push(bytes)
  }
  return Buffer.concat(chunks, size)
}

/** One record, or one request, that was written over several lines. In JSON a line end stands between tokens alone. */
function onOneLine(bytes: Buffer, format: FormatName): Buffer {
  if (format !== 'json-lines' && format !== 'otlp-json') return bytes
  try {
    JSON.parse(bytes.toString('utf8'))
  } catch {
    return bytes
  }
  return bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)) as Buffer
}

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { serviceLogLines } from '../../../bench/workloads/service-log-lines.ts'
import { filesOf } from '../../../processor/scanning/inputs.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { oracle } from './oracle.ts'
import { scanChunks, scanFiles } from './runs.ts'

const MAIL = 'jane.doe@example.com'
const line = (number: number) => `{"n":${number},"msg":"from user${number}@example.com"}\n`

describe('the format', () => {
  test('of plain text is lines, and what is found is in the body', async () => {
    const { counts, tally, files } = await scanChunks([`Nov 30 host app: login of ${MAIL}\nnothing\n`])
    expect(counts).toEqual({ 'email body': 1 })
    expect([tally.records, tally.texts, files[0]!.format]).toEqual([2, 0, 'json-lines'])
  })

  test('of OTLP is told by the first line, and has paths of its resource and attributes', async () => {
    const value = (text: string) => ({ stringValue: text })
    const request = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'owner', value: value(MAIL) }] },
          scopeLogs: [
            {
              scope: { name: 'app' },
              logRecords: [
                {
                  body: value(`mail ${MAIL}`),
                  eventName: `of ${MAIL}`,
                  attributes: [{ key: 'to', value: value(MAIL) }],
                },
              ],
            },
          ],
        },
      ],
    }
    const text = `${JSON.stringify(request)}\n\n${JSON.stringify(request)}\n`
    const { counts, files, lines } = await scanChunks([text], { places: 100 })
    expect(files[0]!.format).toBe('otlp-json')
    expect(counts).toEqual({
      'email resource.owner': 2,
      'email body': 2,
      'email event_name': 2,
      'email attributes.to': 2,
    })
    expect(lines.toSorted()).toEqual([1, 1, 1, 1, 3, 3, 3, 3])
  })

  test('of a line that is no request among requests is that of what it is', async () => {
    const { counts, tally } = await scanChunks([
      `{"resourceLogs":[]}\n{"to":"${MAIL}"}\nof ${MAIL}\n{"resourceLogs":[{"x":"${MAIL}\n`,
    ])
    expect(counts).toEqual({ 'email attributes.to': 1, 'email body': 2 })
    expect(tally.texts).toBe(3)
  })
})

describe('lines', () => {
  test('with CRLF, a byte order mark, and without a last line break are what they are without', async () => {
    const plain = line(1) + line(2)
    const { counts, tally } = await scanChunks([`\uFEFF${plain.replaceAll('\n', '\r\n').trimEnd()}`])
    expect(counts).toEqual(oracle(plain))
    expect([tally.records, tally.texts]).toEqual([2, 0])
  })

  test('that are not UTF-8 hide nothing', async () => {
    const { counts } = await scanChunks([
      Buffer.concat([
        Buffer.from('{"msg":"'),
        Buffer.from([0xff, 0xc3]),
        Buffer.from(` ${MAIL} `),
        Buffer.from([0x80]),
        Buffer.from('"}\n'),
      ]),
      Buffer.concat([Buffer.from([0xfe]), Buffer.from(` text ${MAIL}\n`)]),
    ])
    expect(counts).toEqual({ 'email body': 2 })
  })

  test('that are cut off, or malformed, are scanned as texts, and those around them as what they are', async () => {
    const lines = [
      `{"to":"${MAIL}"}`,
      `{"to":"${MAIL}"`,
      `{"to":"${MAIL}"} x`,
      '{',
      `{"to":"${MAIL}"}`,
      `{"a":${'['.repeat(100)}"${MAIL}"`,
    ]
    const { counts, tally } = await scanChunks([lines.join('\n')])
    expect(counts).toEqual({ 'email attributes.to': 2, 'email body': 3 })
    expect([tally.records, tally.texts]).toEqual([6, 4])
  })

  test('of nothing are nothing', async () => {
    expect((await scanChunks([])).tally).toMatchObject({ records: 0, bytes: 0, findings: 0 })
    expect((await scanChunks(['\n\n \n'])).tally).toMatchObject({ records: 0, findings: 0 })
  })

  test('that are huge are scanned in parts, and each finding counts once, wherever the parts meet', async () => {
    const filler = 'lorem ipsum dolor sit amet '.repeat(40)
    const words = Array.from({ length: 3000 }, (_, n) => `${filler.slice(0, 700 + (n % 300))} user${n}@example.com`)
    const text = `${line(1)}${words.join(' ')}\n${line(2)}`
    const { counts, tally, lines } = await scanChunks([text], { mostLine: 1 << 20, places: 5000 })
    expect(counts).toEqual({ 'email body': 3002 })
    expect(tally).toMatchObject({ records: 3, inPieces: 1, bytes: text.length })
    expect([lines[0], lines[1], lines.at(-2), lines.at(-1)]).toEqual([1, 2, 2, 3])
  })

  test('that are huge and not UTF-8, and end with the file, are scanned to their end', async () => {
    const noise = Buffer.alloc(1 << 20, Buffer.from([0xff, 0xe4, 0x20, 0xc3]))
    const text = Buffer.concat([noise, Buffer.from(` ${MAIL} `), noise, noise, Buffer.from(` ${MAIL}`)])
    const { counts, tally } = await scanChunks([text], { mostLine: 1 << 20 })
    expect(counts).toEqual({ 'email body': 2 })
    expect(tally).toMatchObject({ records: 1, inPieces: 1, bytes: text.length })
  })
})

describe('compressed input', () => {
  const { bytes } = serviceLogLines(3, 5)
  const half = bytes.indexOf(0x0a, bytes.length / 2) + 1
  const inTwo = (compress: (bytes: Buffer) => Buffer) =>
    Buffer.concat([compress(bytes.subarray(0, half)), compress(bytes.subarray(half))])
  const expected = oracle(bytes.toString())

  test.each([
    ['gzip', inTwo(gzipSync)],
    ['zstd', inTwo(zstdCompressSync)],
  ])('by %s is known by its first bytes, in several members, from a file and from a stream', async (_, packed) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'log'), packed)
    const file = await scanFiles([join(folder, 'log')])
    expect(file.counts).toEqual(expected)
    expect(file.tally.bytes).toBe(bytes.length)
    const chunks = Array.from({ length: Math.ceil(packed.length / 999) }, (_, n) =>
      packed.subarray(n * 999, (n + 1) * 999),
    )
    expect(
      (await scanChunks([packed.subarray(0, 2), packed.subarray(2, 3), packed.subarray(3, 999), ...chunks.slice(1)]))
        .counts,
    ).toEqual(expected)
  })

  test.each([
    ['gzip', gzipSync(bytes)],
    ['zstd', zstdCompressSync(bytes)],
  ])('by %s that is cut off is a fault, and what came before is counted', async (_, packed) => {
    const { problems, tally } = await scanChunks([packed.subarray(0, packed.length - 3000)])
    expect(problems).toEqual(['FIELDSEAL_INPUT_MALFORMED'])
    expect(tally.findings).toBeGreaterThan(0)
  })

  test.each([
    ['zip', Buffer.from('PK\x03\x04rest', 'latin1')],
    ['UTF-16', Buffer.from(`\uFEFF${MAIL}`, 'utf16le')],
    ['gzip in gzip', gzipSync(gzipSync(MAIL))],
  ])('that is %s is refused: nothing would be found in it', async (_, input) => {
    expect((await scanChunks([input])).problems).toEqual(['FIELDSEAL_INPUT_MALFORMED'])
  })
})

describe('files', () => {
  test('are those of folders, globs and names, each once', () => {
    const folder = temporaryFolder({ 'a.log': 'x', 'b/c.log': 'x', 'b/d.txt': 'x' })
    mkdirSync(join(folder, 'empty'))
    symlinkSync(folder, join(folder, 'b/round'))
    const at = (name: string) => join(folder, name)
    expect(filesOf([folder])).toEqual([at('a.log'), at('b/c.log'), at('b/d.txt')])
    expect(filesOf([at('*/*.log'), at('a.log')]).toSorted()).toEqual([at('a.log'), at('b/c.log')])
    expect(() => filesOf([at('*.gz')])).toThrow('a glob matches no file')
    expect(() => filesOf([at('empty')])).toThrow('has no file')
  })

  test('that cannot be read are named, and the others are scanned', async () => {
    const folder = temporaryFolder({ 'a.log': line(1) })
    const { counts, problems } = await scanFiles([join(folder, 'none'), join(folder, 'a.log'), folder])
    expect(counts).toEqual({ 'email body': 1 })
    expect(problems).toEqual(['FIELDSEAL_SOURCE_FAILED', undefined, 'FIELDSEAL_SOURCE_FAILED'])
  })
})

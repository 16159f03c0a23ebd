import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine, type EngineConfig, type RuleInput } from '../../processor/index.ts'
import { CONTENT_TYPES } from '../../processor/jwe/envelope.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { rsaKeyPair } from '../processor/jwe/fixtures.ts'
import { codeBlock, document, ROOT, section } from './document.ts'

const PAGE = 'docs/envelope.md'
const KINDS = {
  'P-256': () => generateKeyPair('P-256').publicJwk,
  X25519: () => generateKeyPair('X25519').publicJwk,
  // Without a kid, as the others: the thumbprint names it.
  'RSA, 2048 bits': () => ({ ...rsaKeyPair('').publicJwk, kid: undefined }),
}

const folder = mkdtempSync(join(tmpdir(), 'fieldseal-envelope-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A JSON line with so many values of 20 bytes, before and after. */
function seal(
  kind: keyof typeof KINDS,
  recipients: number,
  values: number,
  seal: Partial<NonNullable<RuleInput['seal']>> = {},
): readonly [before: string, after: string] {
  const names = Array.from({ length: recipients }, (_, index) => `recipient${index}`)
  const entries = Array.from({ length: values }, (_, index) => [`email${index}`, 'jane.doe@example.com'])
  const keys = names.map((name) => [name, KINDS[kind]()])
  const config: EngineConfig = {
    recipients: Object.fromEntries(keys),
    rules: [{ id: 'email', key: '^email', seal: { to: names, ...seal } }],
  }
  const engine = createEngine(config)
  const before = JSON.stringify({ msg: 'hello', ...Object.fromEntries(entries) })
  const after = engine.seal(Buffer.from(before), 'json-lines').bytes.toString()
  engine.close()
  return [before, after]
}

function characters(...how: Parameters<typeof seal>): number {
  return JSON.parse(seal(...how)[1]).email0.length
}

function growth(layout: 'value' | 'record', values: number): number {
  const [before, after] = seal('P-256', 3, values, { layout })
  return after.length - before.length
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |\n`
}

test('the sizes of the page are those that are measured', () => {
  const rows = (Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) =>
    row(
      kind,
      characters(kind, 1, 1, { serialization: 'compact' }),
      ...[1, 2, 3].map((recipients) => characters(kind, recipients, 1)),
    ),
  )
  expect(section(PAGE, 'sizes').split('\n').slice(2).join('\n')).toBe(rows.join(''))
})

test('records grow as the page says', () => {
  const rows = (['value', 'record'] as const).map((layout) =>
    row(`\`${layout}\``, ...[1, 2, 5, 10].map((values) => growth(layout, values))),
  )
  expect(section(PAGE, 'growth').split('\n').slice(2).join('\n')).toBe(rows.join(''))
})

describe('the example', () => {
  const example = codeBlock(PAGE, 'opens')

  test('has five lines', () => {
    expect(example.trimEnd().split('\n')).toHaveLength(5)
  })

  test('opens a sealed value', () => {
    const { privateJwk, publicJwk } = generateKeyPair('P-256', 'dpo')
    const others = { security: generateKeyPair('X25519', 'security').publicJwk }
    const engine = createEngine({
      recipients: { ...others, dpo: publicJwk } as NonNullable<EngineConfig['recipients']>,
      rules: [{ id: 'email', detect: 'email', seal: { to: ['security', 'dpo'] } }],
    })
    const line = Buffer.from('{"msg":"hello","user":{"email":"jane.doe@example.com"}}')
    const record = JSON.parse(engine.seal(line, 'json-lines').bytes.toString())
    mkdirSync(join(folder, 'keys'))
    writeFileSync(join(folder, 'keys/dpo.jwk'), JSON.stringify(privateJwk))
    writeFileSync(join(folder, 'value.json'), record.user.email)
    writeFileSync(join(folder, 'example.mjs'), example)
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' })
    expect(printed).toBe('jane.doe@example.com\n')
  })
})

test('the page names every content type', () => {
  const types = document(PAGE).split('## Types')[1]!.split('**Extended JSON**')[0]!
  expect([...types.matchAll(/`([a-z-]+(?:\+json)?)`(?=[,| ])/g)].map((match) => match[1])).toEqual(
    expect.arrayContaining([...CONTENT_TYPES]),
  )
})

test('the versions of the table are those that the tests use', () => {
  const { devDependencies } = JSON.parse(document('package.json'))
  expect(document(PAGE)).toContain(`| jose ${devDependencies.jose} (npm) |`)
})

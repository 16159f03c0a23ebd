import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BearerTokens, readTokens } from '../../../processor/http/tokens.ts'
import { Secret } from '../../../processor/secret.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

const TOKEN = 'abcdefghijklmnop'

function fileWith(content: string | Buffer): string {
  const file = join(temporaryFolder(), 'collector.token')
  writeFileSync(file, content)
  return file
}

const secret = (text: string) => new Secret(Buffer.from(text))

describe('token files', () => {
  test.each([TOKEN, `${TOKEN}\n`, `${TOKEN}\r\n`])('%j holds the token without its newline', (content) => {
    expect(readTokens([fileWith(content)]).map((token) => token.reveal().toString())).toEqual([TOKEN])
  })

  test.each([
    ['', 'fewer than 16'],
    ['abcdefghijklmno\n', 'fewer than 16'],
    [`${TOKEN}\n\n`, 'printable ASCII'],
    [`${TOKEN} ${TOKEN}`, 'printable ASCII'],
    [`${TOKEN}ü`, 'printable ASCII'],
    [`${TOKEN}\0`, 'printable ASCII'],
    [`${TOKEN}\n${TOKEN}\n`, 'printable ASCII'],
  ])('%j is refused, by the name of the file alone', (content, problem) => {
    const file = fileWith(content)
    expect(() => readTokens([file])).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_CONFIG_INVALID', message: expect.stringContaining(problem) }),
    )
    expect(() => readTokens([file])).toThrow(file)
    expect(() => readTokens([file])).not.toThrow(/abcdef/)
  })

  test('a file that is not there, a folder, or one that is endless is unreadable', () => {
    const files = [join(temporaryFolder(), 'none'), temporaryFolder(), fileWith(Buffer.alloc(5000, 'x'))]
    for (const file of files)
      expect(() => readTokens([file])).toThrow(expect.objectContaining({ code: 'FIELDSEAL_CONFIG_UNREADABLE' }))
  })
})

describe('bearer tokens', () => {
  test('without any, everybody is let in', () => {
    const tokens = new BearerTokens([])
    expect([tokens.required, tokens.accept(undefined), tokens.accept('Bearer x')]).toEqual([false, true, true])
  })

  test('each of several is let in, and only those, also where two are the same', () => {
    const texts = [TOKEN, `${TOKEN}2`, TOKEN, `${TOKEN}3`]
    const tokens = new BearerTokens(texts.map(secret))
    expect(tokens.required).toBe(true)
    for (const text of texts) expect(tokens.accept(`Bearer ${text}`)).toBe(true)
    for (const text of [`${TOKEN}4`, TOKEN.slice(1), TOKEN.toUpperCase(), `${TOKEN} ${TOKEN}`, ''])
      expect(tokens.accept(`Bearer ${text}`)).toBe(false)
    for (const header of [
      undefined,
      '',
      TOKEN,
      `Basic ${TOKEN}`,
      `Bearer${TOKEN}`,
      `Bearer\t${TOKEN}`,
      `Bearer ${TOKEN}\n`,
    ])
      expect(tokens.accept(header)).toBe(false)
  })

  test('a header is let in exactly where it is the scheme and one of the tokens', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 16,
      maxLength: 40,
    })
    fc.assert(
      fc.property(fc.array(visible, { minLength: 1, maxLength: 4 }), visible, (texts, other) => {
        const tokens = new BearerTokens(texts.map(secret))
        for (const text of texts) expect(tokens.accept(`bEaReR ${text}`)).toBe(true)
        expect(tokens.accept(`Bearer ${other}`)).toBe(texts.includes(other))
      }),
    )
  })

  test('nothing of a token is printed', () => {
    const tokens = new BearerTokens([secret(TOKEN)])
    expect(inspect(tokens, { showHidden: true, depth: 9 })).not.toContain('abcdef')
    expect(JSON.stringify(tokens)).toBe('{}')
  })
})

import { compactDecrypt, generalDecrypt, importJWK, type JWK } from 'jose'
import { expect } from 'vitest'
import { EVERYONE, KEY_PAIRS } from '../engine/fixtures.ts'

/** What an implementation of JOSE that is not ours makes of an output. */
export interface Opened {
  /** What was sealed, as far as it opens, in the order of the output. */
  readonly plaintexts: readonly string[]
  /** Envelopes that are there, and that nobody can open. */
  readonly unopened: number
  /** Placeholders of parts whose envelope is not there. */
  readonly orphans: number
}

/** The beginning of an envelope in the General JSON serialization, and how often its quotes are escaped. */
const GENERAL = /\{(\\*)"protected\1":/g
/** Five parts (RFC 7516, 3.1), the first of which is a JSON object. */
const COMPACT = /(?<![\w.-])eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+(?![\w.-])/g
const PLACEHOLDER = /\[sealed:[a-z0-9_.-]+:([\w-]{8})\/\d+\]/g

const keys = new Map(
  await Promise.all(
    EVERYONE.map(async (name) => {
      const { privateJwk, publicJwk } = KEY_PAIRS[name]
      return [publicJwk.kid, await importJWK({ ...privateJwk } as JWK)] as const
    }),
  ),
)

/**
 * Finds every JWE in what came out somewhere, whatever it stands in and however often it was escaped, and opens each by the
 * library jose.
 */
export async function openedByJose(output: Uint8Array | string): Promise<Opened> {
  const text = typeof output === 'string' ? output : Buffer.from(output).toString('latin1')
  const plaintexts: string[] = []
  const ids = new Set<string>()
  let unopened = 0
  for (const jwe of [...generalIn(text), ...(text.match(COMPACT) ?? [])]) {
    ids.add(tagOf(jwe).slice(0, 8))
    try {
      plaintexts.push(await openedOf(jwe))
    } catch {
      unopened += 1
    }
  }
  const orphans = [...text.matchAll(PLACEHOLDER)].filter(([, id]) => !ids.has(id!)).length
  return { plaintexts, unopened, orphans }
}

/** Fails unless each of the planted values opens, and nothing is sealed that does not open. */
export async function expectOpens(output: Uint8Array | string, planted: readonly string[]): Promise<void> {
  const { plaintexts, ...left } = await openedByJose(output)
  const all = plaintexts.join('\n')
  expect({ missing: planted.filter((value) => !all.includes(value)), ...left }).toEqual({
    missing: [],
    unopened: 0,
    orphans: 0,
  })
}

interface General {
  readonly protected: string
  readonly recipients: readonly { readonly header: { readonly kid: string } }[]
  readonly tag: string
}

function* generalIn(text: string): Iterable<General> {
  for (const match of text.matchAll(GENERAL)) {
    const end = endOf(text, match.index)
    // What an escape stands before is a quote: nothing else in an envelope needs one.
    const json = text.slice(match.index, end).replaceAll(`${match[1]}"`, '"')
    yield JSON.parse(json) as General
  }
}

/** Where the object ends that begins there; its strings have no braces. */
function endOf(text: string, start: number): number {
  let depth = 0
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1
    else if (text[index] === '}') depth -= 1
    if (depth === 0) return index + 1
  }
  throw new Error('an envelope has no end')
}

function tagOf(jwe: General | string): string {
  return typeof jwe === 'string' ? jwe.slice(jwe.lastIndexOf('.') + 1) : jwe.tag
}

/** For each recipient, which must all read the same. */
async function openedOf(jwe: General | string): Promise<string> {
  if (typeof jwe === 'string') {
    const { kid } = JSON.parse(Buffer.from(jwe.split('.')[0]!, 'base64url').toString())
    return textOf(await compactDecrypt(jwe, keys.get(kid)!))
  }
  const texts = await Promise.all(
    jwe.recipients.map(async ({ header }) =>
      textOf(await generalDecrypt(structuredClone(jwe) as never, keys.get(header.kid)!)),
    ),
  )
  if (new Set(texts).size !== 1) throw new Error('recipients read different things')
  return texts[0]!
}

/** Bytes within JSON are base64, so these are shown as well. */
function textOf({ plaintext }: { plaintext: Uint8Array }): string {
  const text = Buffer.from(plaintext).toString()
  const bytes = [...text.matchAll(/"base64":"([^"]*)"|"\$bytes":"([^"]*)"/g)].map((match) =>
    Buffer.from(match[1] ?? match[2]!, 'base64').toString(),
  )
  return [text, ...bytes].join('\n')
}

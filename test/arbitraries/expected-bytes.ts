import fc from 'fast-check'

/**
 * A piece of input, and the regular expression for what it must have become: itself, byte for byte, unless a rule of
 * `UNTOUCHED_RULES` acts on it.
 */
export interface Piece {
  readonly raw: string
  readonly pattern: string
}

export const RULES = [
  { id: 'mail', detect: 'email', seal: { to: 'security' } },
  { id: 'card', detect: 'payment_card', seal: { to: ['security', 'dpo'] } },
  { id: 'masked', pattern: 'zq-[0-9]{6}', mask: {} },
  { id: 'hashed', pattern: 'tk-[0-9]{6}', hash: { key: 'k' } },
  { id: 'secret', key: '^secret$', seal: { to: 'dpo' } },
]

export const SECRET_KEY = 'secret'

export function literal(raw: string): Piece {
  return { raw, pattern: raw.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') }
}

export function joined(...pieces: readonly Piece[]): Piece {
  return { raw: pieces.map(({ raw }) => raw).join(''), pattern: pieces.map(({ pattern }) => pattern).join('') }
}

/** What a finding becomes inside a text. */
export interface Found {
  readonly text: string
  readonly becomes: string
  readonly seals: boolean
}

const digits = fc.integer({ min: 100_000, max: 999_999 })

export const found: fc.Arbitrary<Found> = fc.oneof(
  digits.map((n) => ({
    text: `jane${n}@plant.example`,
    becomes: '\\[sealed:email:[\\w-]{8}\\/\\d+\\]',
    seals: true,
  })),
  fc.constantFrom('4111111111111111', '5555 5555 5555 4444').map((text) => ({
    text,
    becomes: '\\[sealed:payment_card:[\\w-]{8}\\/\\d+\\]',
    seals: true,
  })),
  digits.map((n) => ({ text: `zq-${n}`, becomes: '\\*{4}', seals: false })),
  digits.map((n) => ({ text: `tk-${n}`, becomes: 'hmac-sha256:k:[\\w-]{22}', seals: false })),
)

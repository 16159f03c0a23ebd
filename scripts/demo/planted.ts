export const READERS = ['fraud', 'dpo', 'security'] as const

export type Reader = (typeof READERS)[number]

/** Personal data and secrets in the sample, all made up, and who may read them according to `rules.yaml`. */
export interface Planted {
  readonly text: string
  readonly what: string
  readonly rule: string
  /** How often a rule acts on it. */
  readonly times: number
  readonly readers: readonly Reader[]
}

const CARD = { what: 'card number', rule: 'cards', readers: ['fraud', 'security'] } as const
const EMAIL = { what: 'e-mail address', rule: 'e-mail', readers: ['dpo', 'security'] } as const
const REST = { rule: 'the-rest', readers: ['security'] } as const

export const PLANTED: readonly Planted[] = [
  { ...CARD, text: '4111 1111 1111 1111', times: 1 },
  { ...CARD, text: '5555555555554444', times: 1 },
  { ...EMAIL, text: 'jane.doe@example.com', times: 2 },
  { ...EMAIL, text: 'liu.wei@example.org', times: 1 },
  { ...EMAIL, text: 'ada@example.net', times: 1 },
  { ...EMAIL, text: 'bob@example.net', times: 1 },
  { ...REST, what: 'bank account', text: 'DE89 3704 0044 0532 0130 00', times: 1 },
  { ...REST, what: 'telephone number', text: '+44 20 7946 0958', times: 1 },
  { ...REST, what: 'password in a URL', text: 'shop:s3cr3t-Pa55', times: 1 },
  {
    ...REST,
    what: 'session token',
    text: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlIG9mIG5vdGhpbmc',
    times: 1,
  },
  { what: 'login name', rule: 'logins', text: 'jane-doe-77', times: 1, readers: [] },
  { what: 'login name', rule: 'logins', text: 'wei-liu-12', times: 1, readers: [] },
  { what: 'client address', rule: 'client-addresses', text: '203.0.113.7', times: 1, readers: [] },
  { what: 'card code', rule: 'card-codes', text: '"cvv"', times: 1, readers: [] },
]

import {
  array,
  boolean,
  bytes,
  double,
  type Entries,
  integer,
  type LogRecord,
  map,
  NULL,
  text,
  type Value,
} from './model.ts'

/** A record of the corpus, described once for all ways in. */
export interface Example {
  readonly name: string
  readonly record: LogRecord
}

interface Parts {
  readonly resource?: Entries
  readonly scope?: Entries
  readonly body?: Value
  readonly attributes?: Entries
}

function example(name: string, { resource = [], scope = [], body, attributes = [] }: Parts): Example {
  return { name, record: { resource, scope, body, attributes } }
}

const JANE = 'jane.doe@example.com'
const CARD = '4111111111111111'

export const CORPUS: readonly Example[] = [
  example('nothing to find', { body: text('GET /health 200'), attributes: [['status', integer(200)]] }),
  example('an empty record', {}),
  example('a line with an address', { body: text(`login of ${JANE} failed`) }),
  example('a line that is an address', { body: text(JANE) }),
  example('a line with several kinds', { body: text(`${JANE} paid order-1234 with ${CARD}, call +4930123456`) }),
  example('a line without anything', { body: text('started in 12 ms') }),
  example('a social security number', { body: text('ssn 536-22-8726 given') }),
  example('a card that is excepted', { attributes: [['pan', text('5105105105105100')]] }),
  example('addresses in attributes', {
    body: text('mail sent'),
    attributes: [
      ['from', text('ops@example.org')],
      ['to', text(`${JANE}, joe@example.org`)],
    ],
  }),
  example('a card as a number', {
    attributes: [
      ['pan', integer(BigInt(CARD))],
      ['count', integer(7)],
    ],
  }),
  example('a card as a double', {
    attributes: [
      ['pan', double(4_111_111_111_111_111)],
      ['rate', double(5)],
    ],
  }),
  example('a whole text', { attributes: [['contact', text('Jane Doe, Berlin')]] }),
  example('a whole number', { attributes: [['contact', integer(-9_223_372_036_854_775_808n)]] }),
  example('a whole double', { attributes: [['contact', double(5)]] }),
  example('a whole boolean', { attributes: [['contact', boolean(true)]] }),
  example('a whole map, with an address that others may open', {
    attributes: [
      ['contact', map(['name', text('Jane')], ['mail', text(`of ${JANE}`)], ['cvv', integer(123)], ['n', NULL])],
    ],
  }),
  example('a whole array', { attributes: [['contact', array(text('Jane'), integer(1), array(), map())]] }),
  example('the record layout', {
    body: text(`to ${JANE}`),
    attributes: [
      ['note', text('call back')],
      ['id', text('x')],
    ],
  }),
  example('the record layout for a number', { attributes: [['note', integer(42)]] }),
  example('a sibling', {
    attributes: [
      ['amount', double(12.5)],
      ['currency', text('EUR')],
    ],
  }),
  example('a compact value', { attributes: [['token', text('s3cr3t')]] }),
  example('pseudonyms', {
    attributes: [
      ['username', text('jane')],
      ['Login', integer(1001)],
      ['text', text('order-1234 and order-1234')],
    ],
  }),
  example('dropped values', {
    attributes: [
      ['cvv', text('123')],
      ['card', map(['CVC2', integer(999)], ['brand', text('visa')])],
      ['list', array(map(['cvc', text('1')]), text('x'))],
    ],
  }),
  example('a masked number', { attributes: [['phone', text('+4930123456')]] }),
  example('a condition that holds', {
    attributes: [
      ['env', text('test')],
      ['debug', map(['dump', text('x')], ['ok', boolean(true)])],
      ['audit', text('y')],
    ],
  }),
  example('a condition that does not hold', {
    attributes: [
      ['env', text('dev')],
      ['debug', map(['dump', text('x')])],
      ['audit', text('y')],
    ],
  }),
  example('a condition on a field that is missing', {
    attributes: [
      ['debug', map(['dump', text('x')])],
      ['audit', text('y')],
    ],
  }),
  example('a condition on a field of another type', {
    attributes: [
      ['env', integer(1)],
      ['debug', map(['dump', text('x')])],
      ['audit', text('y')],
    ],
  }),
  example('nested keys and keys with dots', {
    attributes: [
      ['user.login', text('jane')],
      ['user', map(['login', text('jane')], ['mail', text(`<${JANE}>`)])],
    ],
  }),
  example('odd keys', {
    attributes: [
      ['', text(`of ${JANE}`)],
      ['odd key "é"\n', text(`of ${JANE}`)],
      ['$map', map(['$bytes', text('eA==')], ['$map', map()])],
    ],
  }),
  example('a key with an address', {
    attributes: [['users', map([JANE, map(['role', text('admin')])], ['guest', NULL])]],
  }),
  example('a body that is a map', {
    body: map(['message', text(`to ${JANE}`)], ['pan', text(CARD)], ['cvv', integer(1)], ['ok', boolean(false)]),
  }),
  example('a body that is an array', { body: array(text(CARD), text('x'), NULL, array(text(`to ${JANE}`))) }),
  example('characters of all kinds', {
    body: text(`😀 "é"\\ \t${JANE}\u2028 界`),
    attributes: [['\u0000', text(`\u0000 ${JANE}`)]],
  }),
  example('text that looks sealed', {
    body: text('[sealed:email:AAAAAAAA/0] and [dropped:ssn]'),
    attributes: [['token', text('{"protected":"","recipients":[]}')]],
  }),
  example('bytes', {
    attributes: [
      ['contact', bytes(Buffer.from([0xff, 0x00]))],
      ['raw', bytes(`card ${CARD}`)],
      ['noise', bytes(Buffer.from([0xc3, 0x28]))],
    ],
  }),
  example('doubles that JSON lacks', {
    attributes: [
      ['contact', double(Number.NaN)],
      ['x', double(Number.POSITIVE_INFINITY)],
    ],
  }),
  example('resource and scope', {
    resource: [
      ['service.name', text('auth')],
      ['host.ip', text('192.0.2.1')],
      ['owner', text(`card ${CARD}`)],
      ['mail', text(JANE)],
    ],
    scope: [['pan', text(`${CARD} of the scope`)]],
    body: text(`with ${CARD} as well`),
  }),
  example('keys that occur twice', {
    attributes: [
      ['cvv', integer(1)],
      ['a', text(`to ${JANE}`)],
      ['cvv', integer(2)],
      ['a', text(`to ${CARD}`)],
    ],
  }),
]

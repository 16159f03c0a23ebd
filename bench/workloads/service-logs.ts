import {
  type Batch,
  type GeneratedRecord,
  type MatchPercent,
  plantingPlan,
  RECORDS_PER_BATCH,
  type Workload,
} from './batch.ts'
import { emailAddress } from './email-address.ts'
import { MESSAGE_TEMPLATES } from './message-templates.ts'
import { type Attribute, encodeRequest } from './otlp-request.ts'
import { SeededRandom } from './random.ts'

const BODY_BYTES = 300
const START_UNIX_NANO = 1_790_000_000_000_000_000n
const SERVICES = ['checkout', 'inventory', 'notification-gateway', 'search-indexer'] as const
const PEERS = ['ledger-writer', 'stock-cache', 'mail-relay', 'pricing-service', 'session-store', 'audit-trail']
const PATHS = [
  '/api/v2/orders',
  '/api/v2/carts/items',
  '/internal/reindex',
  '/v1/prices/lookup',
  '/healthz/deep',
  '/assets/catalogue',
]
const HANDLERS = [
  'OrderHandler.submitOrder',
  'CartHandler.mergeItems',
  'IndexWorker.rebuildSegment',
  'PriceLookup.resolve',
  'SessionStore.touch',
]
const SEVERITIES = [
  [9, 'INFO'],
  [9, 'INFO'],
  [9, 'INFO'],
  [5, 'DEBUG'],
  [13, 'WARN'],
  [17, 'ERROR'],
] as const
// No digits: a run of digits in an identifier could be taken for a number that a rule looks for.
const LETTERS = 'abcdefghijkmnopqrstuvwxyz'

/** A body of exactly 300 bytes; `who` is kept whole, so that a planted address is never cut off. */
function body(random: SeededRandom, who: string): string {
  const fill: Record<string, () => string> = {
    '{n}': () => String(random.between(1, 9_999)),
    '{ms}': () => `${random.between(1, 999)}`,
    '{path}': () => random.pick(PATHS),
    '{peer}': () => random.pick(PEERS),
    '{id}': () => random.text(12, LETTERS),
    '{who}': () => who,
  }
  const text = random
    .pick(MESSAGE_TEMPLATES)
    .map((part) => fill[part]?.() ?? part)
    .join('')
  return text.padEnd(BODY_BYTES, '.').slice(0, BODY_BYTES)
}

function attributes(random: SeededRandom, service: string): Attribute[] {
  return [
    ['url.path', `${random.pick(PATHS)}/${random.text(8, LETTERS)}`],
    ['handler', random.pick(HANDLERS)],
    ['pod', `${service.slice(0, 10)}-${random.text(9, LETTERS)}-${random.text(5, LETTERS)}`],
    ['peer', `${random.pick(PEERS)}.prod.internal`],
    ['request', `req_${random.text(16, LETTERS)}`],
    ['customer', `account-${random.text(10, LETTERS)}`],
    ['status', BigInt(random.pick([200, 200, 200, 201, 304, 404, 500]))],
    ['bytes', BigInt(random.between(0, 65_535))],
    ['micros', BigInt(random.between(100, 999_999))],
    ['cached', random.next() % 2 === 0],
  ]
}

function record(
  random: SeededRandom,
  item: number,
  service: string,
  place: 'body' | 'attribute' | undefined,
): GeneratedRecord {
  const value = place === undefined ? '' : emailAddress(random)
  const [severityNumber, severityText] = random.pick(SEVERITIES)
  const made = {
    timeUnixNano: START_UNIX_NANO + BigInt(item) * 137_000n,
    severityNumber,
    severityText,
    body: body(random, place === 'body' ? value : `account-${random.text(10, LETTERS)}`),
    attributes: attributes(random, service).map(
      (attribute): Attribute =>
        place === 'attribute' && attribute[0] === 'customer' ? ['user.email', value] : attribute,
    ),
    flags: 1,
    traceId: random.bytes(16),
    spanId: random.bytes(8),
  }
  return place === undefined
    ? { record: made }
    : { record: made, planted: { place, key: place === 'body' ? '' : 'user.email', value } }
}

const PER_SERVICE = RECORDS_PER_BATCH / SERVICES.length

/** Which service wrote the record at this place of a batch. */
export const serviceOf = (item: number): string => SERVICES[Math.floor(item / PER_SERVICE)] as string

/** The records of a batch of W2, whatever the format. */
export function serviceRecords(seed: number, percent: MatchPercent): GeneratedRecord[] {
  const random = new SeededRandom(0x5732_0000 ^ seed)
  const places = plantingPlan(random, percent)
  return Array.from({ length: RECORDS_PER_BATCH }, (_, item) => record(random, item, serviceOf(item), places.get(item)))
}

/**
 * W2: what services write: a body of 300 bytes from 512 templates and ten attributes (six strings of 10 to 40 bytes,
 * three integers, one boolean), about 660 bytes a record, from four services. Nothing in it looks like a value that a
 * rule wants, except what is planted.
 */
export const serviceLogs: Workload = {
  name: 'W2',
  title: '300-byte bodies, 10 attributes',

  batch(seed: number, percent: MatchPercent): Batch {
    const generated = serviceRecords(seed, percent)
    const groups = SERVICES.map((service, index) => ({
      resource: [
        ['service.name', service],
        ['service.namespace', 'shop'],
        ['deployment.environment.name', 'production'],
      ] as Attribute[],
      scopeName: `com.example.${service}`,
      records: generated.slice(index * PER_SERVICE, (index + 1) * PER_SERVICE).map(({ record }) => record),
    }))
    return {
      bytes: encodeRequest(groups),
      records: RECORDS_PER_BATCH,
      planted: generated.flatMap(({ planted }, item) => (planted === undefined ? [] : [{ record: item, ...planted }])),
    }
  },
}

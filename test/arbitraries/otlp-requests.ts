import fc from 'fast-check'

/** Requests of OTLP logs as protobufjs takes them: every field, none with its default but members of a oneof. */

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
const count = fc.integer({ min: 1, max: 0xffff_ffff })
const nano = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String)
const id = fc.uint8Array({ minLength: 1, maxLength: 16 }).map((bytes) => Buffer.from(bytes))

/** Each of the fields, or not. */
function some<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>
}

function several<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: 1, maxLength: 3 })
}

const { anyValue, keyValue } = fc.letrec<{ anyValue: object; keyValue: object }>((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 4 },
    fc.constant({}),
    fc.record({ stringValue: fc.string({ unit: 'binary', maxLength: 60 }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    fc.record({ intValue: fc.integer({ min: -300, max: 300 }).map(String) }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)) }),
    fc.record({ arrayValue: some({ values: several(tie('anyValue')) }) }),
    fc.record({ kvlistValue: some({ values: several(tie('keyValue')) }) }),
  ),
  keyValue: some({ key: text, value: tie('anyValue') }),
}))

const attributes = several(keyValue)

export const anyValues = anyValue

export const records = some({
  timeUnixNano: nano,
  severityNumber: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(-1, 0x7fff_ffff, -0x8000_0000)),
  severityText: text,
  body: anyValue,
  attributes,
  droppedAttributesCount: count,
  flags: count,
  traceId: id,
  spanId: id,
  observedTimeUnixNano: nano,
  eventName: text,
})

const entityRef = some({ schemaUrl: text, type: text, idKeys: several(fc.string()), descriptionKeys: several(text) })

export const requests = some({
  resourceLogs: several(
    some({
      resource: some({ attributes, droppedAttributesCount: count, entityRefs: several(entityRef) }),
      scopeLogs: several(
        some({
          scope: some({ name: text, version: text, attributes, droppedAttributesCount: count }),
          logRecords: several(records),
          schemaUrl: text,
        }),
      ),
      schemaUrl: text,
    }),
  ),
})

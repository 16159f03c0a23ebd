import type { Entry, LogRequest, Value } from './log-request.ts'
import type { Random } from './random.ts'
import { key, text } from './texts.ts'

/** JSON as a tree that can be changed and written, whether or not what comes out is valid. */
export type Json =
  | { kind: 'object'; members: { key: string; value: Json }[] }
  | { kind: 'array'; items: Json[] }
  /** Written as it stands. */
  | { kind: 'source'; source: string }

const source = (text: string): Json => ({ kind: 'source', source: text })
const string = (text: string): Json => source(JSON.stringify(text))
const array = (items: Json[]): Json => ({ kind: 'array', items })

function object(members: Readonly<Record<string, Json>>): Json {
  return {
    kind: 'object',
    members: Object.entries(members).map(([name, value]) => ({ key: JSON.stringify(name), value })),
  }
}

function anyValue(value: Value): Json {
  switch (value.type) {
    case 'string':
      return object({ stringValue: string(value.text) })
    case 'bool':
      return object({ boolValue: source(String(value.value)) })
    case 'int':
      return object({ intValue: string(String(value.value)) })
    case 'double':
      return object({
        doubleValue: Number.isFinite(value.value)
          ? source(Object.is(value.value, -0) ? '-0' : String(value.value))
          : string(String(value.value)),
      })
    case 'array':
      return object({ arrayValue: object({ values: array(value.items.map(anyValue)) }) })
    case 'map':
      return object({ kvlistValue: object({ values: array(value.entries.map(keyValue)) }) })
    case 'bytes':
      return object({ bytesValue: string(Buffer.from(value.bytes).toString('base64')) })
    case 'empty':
      return object({})
  }
}

function keyValue(entry: Entry): Json {
  return object({ key: string(entry.key), value: anyValue(entry.value) })
}

export function otlpJsonTree({ resources }: LogRequest): Json {
  return object({
    resourceLogs: array(
      resources.map((resource) =>
        object({
          resource: object({ attributes: array(resource.attributes.map(keyValue)) }),
          scopeLogs: array(
            resource.scopes.map((scope) =>
              object({
                scope: object({ name: string(scope.name), attributes: array(scope.attributes.map(keyValue)) }),
                logRecords: array(
                  scope.records.map((record) =>
                    object({
                      severityNumber: source(String(record.severity)),
                      body: anyValue(record.body),
                      attributes: array(record.attributes.map(keyValue)),
                    }),
                  ),
                ),
              }),
            ),
          ),
        }),
      ),
    ),
  })
}

function plain(value: Value): Json {
  switch (value.type) {
    case 'string':
      return string(value.text)
    case 'bool':
    case 'int':
      return source(String(value.value))
    case 'double':
      return Number.isFinite(value.value) ? source(JSON.stringify(value.value)) : source('1e400')
    case 'bytes':
      return string(Buffer.from(value.bytes).toString('base64'))
    case 'empty':
      return source('null')
    case 'array':
      return array(value.items.map(plain))
    case 'map':
      return plainObject(value.entries)
  }
}

function plainObject(entries: readonly Entry[]): Json {
  return {
    kind: 'object',
    members: entries.map((entry) => ({ key: JSON.stringify(entry.key), value: plain(entry.value) })),
  }
}

/** The records of a request as JSON lines: an attribute list is a line. */
export function jsonLineTrees({ resources }: LogRequest): Json[] {
  return resources.flatMap((resource) => [
    plainObject(resource.attributes),
    ...resource.scopes.flatMap((scope) =>
      scope.records.map((record) => plainObject([{ key: 'message', value: record.body }, ...record.attributes])),
    ),
  ])
}

/** @param random - with it, white space is put in and characters are written as escapes. */
export function writeJson(tree: Json, random: Random): string {
  const space = () => (random.oneIn(12) ? random.pick([' ', '\t', '  ']) : '')
  const write = (node: Json): string => {
    switch (node.kind) {
      case 'source':
        return node.source.startsWith('"') && random.oneIn(8) ? escaped(random, node.source) : node.source
      case 'array':
        return `[${space()}${node.items.map(write).join(`${space()},${space()}`)}${space()}]`
      case 'object': {
        const members = node.members.map(({ key, value }) => `${key}${space()}:${space()}${write(value)}`)
        return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`
      }
    }
  }
  return write(tree)
}

/** The same string, with some of its plain characters as `\u` escapes. */
function escaped(random: Random, quoted: string): string {
  return quoted.replace(/\\.|[^\\"]/gs, (unit) =>
    unit.length === 1 && random.oneIn(3) ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit,
  )
}

function nodes(tree: Json): Json[] {
  switch (tree.kind) {
    case 'array':
      return [tree, ...tree.items.flatMap(nodes)]
    case 'object':
      return [tree, ...tree.members.flatMap(({ value }) => nodes(value))]
    case 'source':
      return [tree]
  }
}

const VALID_SOURCES = [
  'null',
  'true',
  '0',
  '-0',
  '1e5',
  '1e999999',
  '"\\ud83d"',
  '"\\udc00x"',
  '"\\u0000"',
  '""',
  '{}',
  '[]',
]
const BROKEN_SOURCES = [
  '01',
  '1.',
  '+1',
  '"\\x"',
  '"',
  '',
  'nul',
  'NaN',
  "'a'",
  '{"a"}',
  '[1,]',
  '"\u0001"',
  '-',
  '\ufeff1',
]

/** Changes one place of the tree. With `valid`, what comes out is still JSON. */
export function mutateJson(random: Random, tree: Json, other: Json, valid: boolean): void {
  const node = random.pick(nodes(tree))
  if (node.kind === 'source') {
    const sources = valid || random.oneIn(2) ? VALID_SOURCES : BROKEN_SOURCES
    node.source = random.oneIn(3) ? JSON.stringify(text(random)) : random.pick(sources)
    return
  }
  const list: unknown[] = node.kind === 'array' ? node.items : node.members
  const donor = random.pick(nodes(other))
  const given: unknown = node.kind === 'array' ? donor : { key: JSON.stringify(key(random)), value: donor }
  const at = random.below(list.length + 1)
  const with_ = random.below(Math.max(1, list.length))
  switch (random.below(list.length === 0 ? 1 : 5)) {
    case 0:
      list.splice(at, 0, structuredClone(given))
      break
    case 1:
      list.splice(at, 1)
      break
    case 2:
      list.push(structuredClone(list[with_]))
      break
    case 3:
      list.reverse()
      break
    default:
      if (node.kind === 'object') renameMember(random, node.members[with_]!, valid)
      else node.items[with_] = structuredClone(donor)
  }
}

const FIELD_NAMES = [
  'key',
  'value',
  'stringValue',
  'string_value',
  'intValue',
  'kvlistValue',
  'attributes',
  'body',
  'values',
]

function renameMember(random: Random, member: { key: string }, valid: boolean): void {
  if (!valid && random.oneIn(8)) member.key = random.pick(['', 'key', '"\\q"', '1'])
  else if (random.oneIn(2)) member.key = escaped(random, member.key)
  else member.key = JSON.stringify(random.pick(FIELD_NAMES))
}

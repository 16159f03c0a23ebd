// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts show the syntax of substitutions
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'
import { type ConfigIssue, configIssue, type Place, quoted } from './issue.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'
import { type Environment, substituteEnvironment } from './substitute.ts'

/** Largest YAML file that is read, in bytes. */
export const YAML_FILE_LIMIT = 1024 ** 2
/** Bound on the uses of an anchor, multiplied through nested ones: repetition is fine, exponential growth is not. */
const ALIAS_LIMIT = 32
const SYNTAX_ISSUES_SHOWN = 20

/** A path within a document: keys and indices. */
export type DocumentPath = readonly PropertyKey[]

/** A YAML file whose syntax is sound. */
export interface YamlDocument {
  readonly file: string
  readonly data: unknown
  /** Where the value at `path` stands, or its key; for a path that does not exist, its nearest ancestor. */
  place(path: DocumentPath, part?: 'key' | 'value'): Place
}

export type YamlReading = YamlDocument | { readonly issues: readonly ConfigIssue[] } | 'unreadable'

const START: Place = { line: 1, column: 1 }

/** What is wrong with the syntax, by the parser's code, in our own words: the parser's would quote the file. */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'malformed alias or anchor',
  BAD_DQ_ESCAPE: 'unknown escape in double quotes; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'wrong indentation',
  BAD_SCALAR_START: 'a value that begins with this character needs quotes',
  BLOCK_IN_FLOW: 'an indented block cannot stand in brackets or braces',
  BLOCK_AS_IMPLICIT_KEY: 'more than one ":" on a line; a value that holds ": " needs quotes',
  DUPLICATE_KEY: 'this key occurs twice in the same map',
  MISSING_CHAR: 'a quote, bracket, brace, comma or colon is missing; in braces, ${NAME} needs quotes',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; a ":" may be missing',
  MULTIPLE_DOCS: 'one document only: a line of "---" begins another',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'a tab is used for indentation; use spaces',
  TAG_RESOLVE_FAILED: 'unknown tag; quote a value that begins with "!"',
  UNEXPECTED_TOKEN: 'unexpected characters; in braces, ${NAME} needs quotes',
}

/**
 * Reads a YAML 1.2 file (core schema; one document, text keys, no duplicate keys, no merge keys, few aliases, at most
 * 1 MiB). With an environment, substitutes its variables in scalar values.
 */
export function readYamlDocument(file: string, environment?: Environment): YamlReading {
  const read = readBounded(file, YAML_FILE_LIMIT)
  if (read === 'unreadable') return read
  if (read === 'too large') return { issues: [configIssue(file, START, 'the file is over 1 MiB')] }
  const text = decodeUtf8(read.bytes)
  if (text === undefined) return { issues: [configIssue(file, START, 'the file is not UTF-8')] }
  return parseYamlDocument(file, text, environment)
}

/** As `readYamlDocument`, with the text at hand. */
export function parseYamlDocument(file: string, text: string, environment?: Environment): Exclude<YamlReading, string> {
  const lines = new LineCounter()
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return line === 0 ? START : { line, column: col }
  }
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: true,
      stringKeys: true,
      resolveKnownTags: false,
      prettyErrors: false,
      // Not 'silent': that would hide a second document too.
      logLevel: 'error',
      lineCounter: lines,
    })
    const issues = syntaxIssues(file, document, at)
    if (issues.length === 0)
      issues.push(...refusedNodes(document).map(([offset, why]) => configIssue(file, at(offset), why)))
    if (issues.length > 0) return { issues }

    const problems = environment === undefined ? [] : substituteEnvironment(document, environment)
    if (problems.length > 0) {
      return { issues: problems.map(({ offset, message, hint }) => configIssue(file, at(offset), message, hint)) }
    }
    const data: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT })
    return { file, data, place: (path, part = 'value') => at(offsetOf(document, path, part)) }
  } catch {
    // What is left: aliases beyond the bound, and nesting beyond the stack.
    return { issues: [configIssue(file, START, 'too many aliases, or nested too deeply')] }
  }
}

/** One issue a line, since one slip often causes several, and no more than a person reads. */
function syntaxIssues(file: string, document: Document.Parsed, at: (offset: number) => Place): ConfigIssue[] {
  const byLine = new Map<number, ConfigIssue>()
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const place = at(pos[0])
    if (byLine.has(place.line)) continue
    byLine.set(place.line, configIssue(file, place, SYNTAX[code] ?? 'this is not valid YAML'))
    if (byLine.size === SYNTAX_ISSUES_SHOWN) break
  }
  return [...byLine.values()]
}

/** Nodes that YAML allows and a configuration has no use for. */
function refusedNodes(document: Document.Parsed): [number, string][] {
  const refused: [number, string][] = []
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) === undefined)
        refused.push([node.range?.[0] ?? 0, 'no anchor of this name stands before it'])
    },
    Pair(_, pair) {
      if (!isNode(pair.key)) return
      const offset = pair.key.range?.[0] ?? 0
      if (isAlias(pair.key)) refused.push([offset, 'a key cannot be an alias'])
      // Validators pass over this key in silence.
      if (isScalar(pair.key) && pair.key.value === '__proto__')
        refused.push([offset, `unknown key ${quoted('__proto__')}`])
    },
  })
  return refused
}

function offsetOf(document: Document.Parsed, path: DocumentPath, part: 'key' | 'value'): number {
  let node: Node | null = document.contents
  let offset = start(node) ?? 0
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step))
      if (pair === undefined) return offset
      if (part === 'key' && index === path.length - 1) return start(pair.key) ?? offset
      next = pair.value ?? pair.key
    } else if (isSeq(node)) {
      next = node.items[Number(step)]
    }
    if (!isNode(next)) return offset
    node = next
    offset = start(node) ?? offset
  }
  return offset
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

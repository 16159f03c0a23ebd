import { keySources, keyWords } from '../../../detectors/gate.ts'
import { DEFAULT_DETECTORS } from '../../../detectors/index.ts'
import { RE2 } from '../../../detectors/re2.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { showStep } from '../../../rules/path.ts'

const set = new DetectorSet(DEFAULT_DETECTORS)
const byKey = DEFAULT_DETECTORS.filter(({ activation }) => activation === 'key').map(({ name, gate }) => ({
  name,
  patterns: keySources(gate!).map((source) => new RE2(source, 'u')),
}))
const BODY_KEYS = ['msg', 'message', 'log']

/** Counts what stands in lines of JSON, as simply as can be: parses each, and looks at one value after the other. */
export function oracle(lines: string): Record<string, number> {
  const counts: Record<string, number> = {}
  const count = (detector: string, path: string): void => {
    const key = `${detector} ${path}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  const look = (value: unknown, path: string, key: string, names: readonly string[]): void => {
    if (Array.isArray(value)) {
      for (const item of value) look(item, `${path}[*]`, key, names)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) member(name, inner, path, names)
    } else if (value !== null && value !== '') {
      if (typeof value !== 'boolean') {
        for (const { detector } of set.find(Buffer.from(String(value)), () => true, key))
          count(DEFAULT_DETECTORS[detector]!.name, path)
      }
      for (const name of names) count(name, path)
    }
  }
  const member = (name: string, value: unknown, parent: string, above: readonly string[]): void => {
    const found = [...new Set(set.find(Buffer.from(name), () => true, '').map(({ detector }) => detector))]
    const path = showStep(parent, { kind: 'key', key: name, masked: found.length > 0 })
    for (const detector of found) count(DEFAULT_DETECTORS[detector]!.name, path)
    look(value, path, name, [...new Set([...above, ...openedBy(name)])])
  }
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue
    const record = objectOf(line)
    if (record === undefined) look(line, 'body', 'body', [])
    else {
      const body = BODY_KEYS.find((name) => Object.hasOwn(record, name))
      for (const [name, value] of Object.entries(record)) {
        if (name === body) look(value, 'body', 'body', [])
        else member(name, value, 'attributes', [])
      }
    }
  }
  return counts
}

/** By a whole key, or by what stands behind its last dot. */
function openedBy(key: string): string[] {
  const names = key.includes('.') ? [key, key.slice(key.lastIndexOf('.') + 1)] : [key]
  return byKey
    .filter(({ patterns }) => names.some((name) => patterns.some((pattern) => pattern.test(keyWords(name)))))
    .map(({ name }) => name)
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

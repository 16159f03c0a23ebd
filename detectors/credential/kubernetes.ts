import type { Detector } from '../detector.ts'

const DATA = String.raw`\\*"(?:stringD|d)ata\\*":\s*\{[^{}]+\}`
const KIND = String.raw`\\*"kind\\*":\s*\\*"Secret\\*"`

/** Between the two stand `apiVersion`, `immutable` and `type`, and metadata, which holds objects of its own. */
const BETWEEN = String.raw`(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*?`

const SPAN = /\{[^{}]+\}/g

export const kubernetesSecret: Detector = {
  name: 'kubernetes_secret',
  title: 'Secret of Kubernetes',
  group: 'credential',
  activation: 'always',
  finds:
    'The `data` or `stringData` of a Secret of Kubernetes in JSON, as in audit logs and in the annotation `last-applied-configuration`: the object from brace to brace, where `kind` is `Secret`. Inside of a JSON string as well.',
  misses: 'Secrets in YAML; there, the values are found where they are secrets by themselves.',
  patterns: [`${DATA}${BETWEEN}${KIND}`, `${KIND}${BETWEEN}${DATA}`],
  wakes: [KIND],
  lowEntropy: false,
  examples: ['{"apiVersion":"v1","data":{"pin":"bWFkZSB1cA=="},"kind":"Secret","metadata":{"name":"docs"}}'],
  confirm(text, { start, end }) {
    const candidate = text.slice(start, end)
    const key = /\\*"(?:stringD|d)ata\\*":\s*/.exec(candidate)
    if (key === null || !/"kind\\*":\s*\\*"Secret\\*"/.test(candidate)) return undefined
    SPAN.lastIndex = key.index + key[0].length
    const object = SPAN.exec(candidate)
    if (object === null || object.index !== key.index + key[0].length) return undefined
    return { start: start + object.index, end: start + object.index + object[0].length }
  },
  normalise: (match) => match.normalize('NFC'),
}

import type { LogRecord } from './model.ts'

/** Plain lines: a body that is one line of text, and nothing else. */
export function textCarries({ resource, scope, body, attributes }: LogRecord): boolean {
  const entries = resource.length + scope.length + attributes.length
  return entries === 0 && body?.type === 'text' && /^[^\s][^\r\n]*$/.test(body.text)
}

export function toText(records: readonly LogRecord[]): Buffer {
  return Buffer.from(records.map(({ body }) => `${body?.type === 'text' ? body.text : ''}\n`).join(''))
}

export function fromText(bytes: Buffer): LogRecord[] {
  const lines = bytes.toString().split('\n').filter(Boolean)
  return lines.map((line) => ({ resource: [], scope: [], body: { type: 'text', text: line }, attributes: [] }))
}

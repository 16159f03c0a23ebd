import type { Entries, LogRecord, Value } from './model.ts'

/**
 * What was done to a record, told apart from how it was written: each sealed value by its type, path and recipients,
 * each placeholder by its kind and recipients. Pseudonyms, masks and what was left alone stand as they are. Numbers
 * of parts are left out: they go by the order in which a format has the values.
 */
const LIST_KEY = 'fieldseal.sealed'
const PLACEHOLDER = /\[sealed:([a-z0-9_.-]+):([\w-]{8})\/(\d+)\]/g

interface Envelope {
  readonly cty: string
  readonly path: string
  readonly kids: readonly string[]
  readonly id: string
}

function envelopeOf(text: string): Envelope | undefined {
  if (text.startsWith('{"protected":"') && text.includes('"ciphertext"')) {
    const jwe = JSON.parse(text)
    const { cty, path } = JSON.parse(Buffer.from(jwe.protected, 'base64url').toString())
    const kids = jwe.recipients.map(({ header }: { header: { kid: string } }) => header.kid)
    return { cty, path, kids, id: jwe.tag.slice(0, 8) }
  }
  const parts = text.split('.')
  if (parts.length !== 5 || !text.startsWith('eyJ')) return undefined
  const { cty, path, kid } = JSON.parse(Buffer.from(parts[0]!, 'base64url').toString())
  return { cty, path, kids: [kid], id: parts[4]!.slice(0, 8) }
}

/** The types that OTLP's values have of their own are named like those of JSON. */
function describe({ cty, path, kids }: Envelope): string {
  return `sealed ${cty.replace('otlp-', '').replace('otlp+', '')} at ${path} for ${kids.join()}`
}

class Owner {
  readonly #kids = new Map<string, readonly string[]>()

  constructor(attributes: Entries) {
    for (const [key, value] of attributes) {
      if (key !== LIST_KEY || value.type !== 'array') continue
      for (const element of value.values) {
        const envelope = element.type === 'text' ? envelopeOf(element.text) : undefined
        if (envelope !== undefined) this.#kids.set(envelope.id, envelope.kids)
      }
    }
  }

  text(text: string): string {
    const envelope = envelopeOf(text)
    if (envelope !== undefined) return describe(envelope)
    return text.replaceAll(PLACEHOLDER, (placeholder, kind, id) => {
      const kids = this.#kids.get(id)
      return kids === undefined ? placeholder : `[sealed ${kind} for ${kids.join()}]`
    })
  }

  value(value: Value): Value {
    switch (value.type) {
      case 'text':
        return { type: 'text', text: this.text(value.text) }
      case 'map':
        return { type: 'map', entries: this.entries(value.entries) }
      case 'array':
        return { type: 'array', values: value.values.map((inner) => this.value(inner)) }
      default:
        return value
    }
  }

  entries(entries: Entries): Entries {
    return entries
      .filter(([key]) => key !== LIST_KEY)
      .map(([key, value]) => [key.replace(/^sealed:[\w-]{8}$/, 'sealed:<id>'), this.value(value)])
  }
}

export function normalised({ resource, scope, body, attributes }: LogRecord): LogRecord {
  const own = new Owner(attributes)
  return {
    resource: new Owner(resource).entries(resource),
    scope: new Owner(scope).entries(scope),
    body: body === undefined ? undefined : own.value(body),
    attributes: own.entries(attributes),
  }
}

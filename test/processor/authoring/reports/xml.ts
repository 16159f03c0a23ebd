export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const CHARACTERS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u

/** Reads the XML that has elements, attributes and texts alone; throws where it is not well-formed (XML 1.0). */
export function readXml(source: string): XmlElement {
  if (!CHARACTERS.test(source)) throw new Error('a character that XML has not')
  const [head, rest] = [source.slice(0, 38), source.slice(38).trim()]
  if (head !== '<?xml version="1.0" encoding="UTF-8"?>') throw new Error('no declaration')
  const { element, end } = readElement(rest, 0)
  if (end !== rest.length) throw new Error('something follows the root')
  return element
}

function readElement(source: string, start: number): { element: XmlElement; end: number } {
  const open = /<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/y
  open.lastIndex = start
  const tag = open.exec(source)
  if (tag === null) throw new Error(`no element at ${start}`)
  const [, name, list, isEmpty] = tag as unknown as [string, string, string, string]
  const found = [...list.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)] as const)
  if (new Set(found.map(([key]) => key)).size < found.length) throw new Error('an attribute twice')
  const attributes = Object.fromEntries(found)
  let end = open.lastIndex
  const children: XmlElement[] = []
  let text = ''
  if (isEmpty === '/') return { element: { name, attributes, children, text }, end }
  while (!source.startsWith('</', end)) {
    if (source[end] === '<') {
      const child = readElement(source, end)
      children.push(child.element)
      end = child.end
    } else {
      const next = source.indexOf('<', end)
      text += unescaped(source.slice(end, next))
      end = next
    }
  }
  const close = `</${name}>`
  if (!source.startsWith(close, end)) throw new Error(`${name} is not closed`)
  return { element: { name, attributes, children, text }, end: end + close.length }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

function unescaped(text: string): string {
  return text.replace(/&(?:(\w+)|#(\d+));|&/g, (all, name, number) => {
    if (number !== undefined) return String.fromCharCode(Number(number))
    if (name in NAMED) return NAMED[name]!
    throw new Error(`an ampersand that is none: ${all}`)
  })
}

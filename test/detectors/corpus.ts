import { readFileSync } from 'node:fs'

export interface CorpusLine {
  readonly text: string
  /** What must be found, in order; empty where nothing may be. */
  readonly expected: readonly string[]
}

/**
 * Lines that a detector must and must not match: `+ text ⟦match⟧ text`, `- text`, `# remark`; `␤` is a line break.
 * `⊕` is nothing: it cuts a token in two that a hosting site would take for a real one.
 */
export function readCorpus(name: string): CorpusLine[] {
  const content = readFileSync(new URL(`../corpora/${name}.txt`, import.meta.url), 'utf8')
  return content.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return []
    const [sign, body] = [line.slice(0, 2), line.slice(2).replaceAll('␤', '\n').replaceAll('⊕', '')]
    const expected = [...body.matchAll(/⟦([^⟧]*)⟧/g)].map((match) => match[1]!)
    if ((sign !== '+ ' && sign !== '- ') || (sign === '+ ') !== expected.length > 0)
      throw new Error(`not a line: ${line}`)
    return [{ text: body.replaceAll(/[⟦⟧]/g, ''), expected }]
  })
}

import { existsSync, readFileSync } from 'node:fs'

/** Half of a data set of Microsoft's presidio-research: sentences made by templates, with labelled spans. */
const FILE = new URL('../../../shared/vectors/presidio_research/synth_dataset_first500.json', import.meta.url)

export interface Label {
  readonly entity: string
  readonly text: string
  /** Bytes of UTF-8, half open. */
  readonly start: number
  readonly end: number
}

export interface Sentence {
  readonly text: string
  readonly labels: readonly Label[]
}

interface RawSentence {
  readonly full_text: string
  /** Positions are code points. */
  readonly spans: readonly {
    readonly entity_type: string
    readonly entity_value: string
    readonly start_position: number
    readonly end_position: number
  }[]
}

export const PRESENT = existsSync(FILE)

export function readSentences(): readonly Sentence[] {
  const raw: readonly RawSentence[] = JSON.parse(readFileSync(FILE, 'utf8'))
  return raw.map(({ full_text, spans }) => {
    const points = [...full_text]
    const bytes = (position: number) => Buffer.byteLength(points.slice(0, position).join(''))
    const labels = spans.map(({ entity_type, entity_value, start_position, end_position }) => ({
      entity: entity_type,
      text: entity_value,
      start: bytes(start_position),
      end: bytes(end_position),
    }))
    return { text: full_text, labels }
  })
}

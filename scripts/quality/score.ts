import { DETECTORS } from '../../detectors/index.ts'
import { DetectorSet } from '../../detectors/set.ts'
import type { Label, Sentence } from './data-set.ts'
import type { Entity } from './entities.ts'

/** A miss, or a wrong finding, with what stands around it. */
export interface Mistake {
  readonly text: string
  readonly before: string
  readonly after: string
}

export interface Score {
  /** Labels that a finding covers by at least half. */
  readonly found: number
  /** Labels of the entity. */
  readonly labels: number
  /** Findings that touch a label of the entity. */
  readonly right: number
  readonly findings: number
  readonly missed: readonly Mistake[]
  readonly wrong: readonly Mistake[]
}

const AROUND_BYTES = 30

/** @param counts - which labels are wanted; findings at others count neither for nor against. */
export function scoreOf(
  entity: Entity,
  sentences: readonly Sentence[],
  counts: (label: Label, sentence: Sentence) => boolean = () => true,
): Score {
  const set = new DetectorSet(DETECTORS.filter(({ name }) => entity.detectors.includes(name)))
  const score = { found: 0, labels: 0, right: 0, findings: 0 }
  const [missed, wrong]: [Mistake[], Mistake[]] = [[], []]
  for (const sentence of sentences) {
    const value = Buffer.from(sentence.text)
    const labels = sentence.labels.filter((label) => label.entity === entity.label)
    const findings = set.find(value, () => true, '')
    for (const label of labels.filter((one) => counts(one, sentence))) {
      score.labels += 1
      if (findings.some((finding) => 2 * overlap(finding, label) >= label.end - label.start)) score.found += 1
      else missed.push(mistake(value, label))
    }
    for (const finding of findings) {
      const touched = labels.filter((label) => overlap(finding, label) > 0)
      if (touched.length > 0 && !touched.some((label) => counts(label, sentence))) continue
      score.findings += 1
      if (touched.length > 0) score.right += 1
      else wrong.push(mistake(value, finding))
    }
  }
  return { ...score, missed, wrong }
}

interface Part {
  readonly start: number
  readonly end: number
}

function overlap(a: Part, b: Part): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start))
}

function mistake(value: Buffer, { start, end }: Part): Mistake {
  return {
    text: value.toString('utf8', start, end),
    before: value.toString('utf8', Math.max(0, start - AROUND_BYTES), start),
    after: value.toString('utf8', end, end + AROUND_BYTES),
  }
}

export function sum(scores: readonly Score[]): Score {
  const add = (of: 'found' | 'labels' | 'right' | 'findings') => scores.reduce((total, score) => total + score[of], 0)
  return {
    found: add('found'),
    labels: add('labels'),
    right: add('right'),
    findings: add('findings'),
    missed: scores.flatMap(({ missed }) => missed),
    wrong: scores.flatMap(({ wrong }) => wrong),
  }
}

/** 1 where nothing was found, so nothing wrongly. */
export const precision = ({ right, findings }: Score): number => (findings === 0 ? 1 : right / findings)

export const recall = ({ found, labels }: Score): number => (labels === 0 ? 1 : found / labels)

import { type Entity, TARGETS } from './entities.ts'
import { type Mistake, precision, recall, type Score } from './score.ts'

export interface Result {
  readonly strong: readonly { readonly entity: Entity; readonly score: Score }[]
  readonly together: Score
  readonly announcedPhones: Score
  readonly otherPhones: Score
  readonly sentences: number
}

/** Each target, and whether it is met. */
export function targetsOf({ together, announcedPhones }: Result): readonly (readonly [text: string, met: boolean])[] {
  const { precision: wantedPrecision, recall: wantedRecall } = TARGETS
  return [
    [
      `together: precision at least ${wantedPrecision}, is ${share(precision(together))}`,
      precision(together) >= wantedPrecision,
    ],
    [`together: recall at least ${wantedRecall}, is ${share(recall(together))}`, recall(together) >= wantedRecall],
    [
      `phone numbers with a plus sign or a word: recall at least ${wantedRecall}, is ${share(recall(announcedPhones))}`,
      recall(announcedPhones) >= wantedRecall,
    ],
  ]
}

const share = (of: number): string => of.toFixed(3)

/** The figures in lines for a terminal; the page has the same. */
export function rowsOf(result: Result): readonly (readonly string[])[] {
  const row = (title: string, score: Score) => [
    title,
    String(score.labels),
    String(score.found),
    String(score.findings - score.right),
    share(precision(score)),
    share(recall(score)),
  ]
  return [
    ...result.strong.map(({ entity, score }) => row(entity.title, score)),
    row('together', result.together),
    row('phone numbers with a plus sign or a word', result.announcedPhones),
    row('other phone numbers', result.otherPhones),
  ]
}

export const HEADER = ['Entity', 'Labelled', 'Found', 'Found wrongly', 'Precision', 'Recall'] as const

export function pageOf(result: Result): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const table = [HEADER, HEADER.map(() => '---'), ...rowsOf(result)].map(line).join('\n')
  const scores = [result.together, result.announcedPhones, result.otherPhones]
  return `${[
    '# Quality of the detectors on labelled sentences',
    '<!-- Written by `npm run quality`. -->',
    `Measured on ${result.sentences} sentences of the data set \`synth_dataset_v2\` of presidio-research (MIT licence), which is synthetic: made from templates and random values. A label counts as found where a finding covers at least half of it; a finding counts as wrong where it touches no label of its entity. Sentences are not logs: no key helps, and a detector with a gate needs one of its words near the value.`,
    table,
    `The targets: for the first five together precision at least ${TARGETS.precision} and recall at least ${TARGETS.recall}; for phone numbers with a plus sign, or a word such as \`phone\` or \`fax\` up to thirty characters before, recall at least ${TARGETS.recall}. A phone number without either cannot be told from other numbers.`,
    '## Not found',
    listOf(scores.flatMap(({ missed }) => missed)),
    '## Found wrongly',
    listOf(scores.flatMap(({ wrong }) => wrong)),
  ].join('\n\n')}\n`
}

function listOf(mistakes: readonly Mistake[]): string {
  if (mistakes.length === 0) return 'Nothing.'
  return mistakes
    .map(({ text, before, after }) => `- \`${inline(before)}\` **\`${inline(text)}\`** \`${inline(after)}\``)
    .join('\n')
}

/** A piece of text as inline code. */
function inline(text: string): string {
  return (
    text
      .replace(/[\r\n]+/g, ' ⏎ ')
      .replaceAll('`', "'")
      .trim() || ' '
  )
}

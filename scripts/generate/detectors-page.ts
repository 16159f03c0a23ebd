import { DETECTOR_GROUPS, type Detector } from '../../detectors/detector.ts'
import { DEFAULT_WITHIN } from '../../detectors/gate.ts'
import { DETECTORS } from '../../detectors/index.ts'
import { page } from './markdown.ts'

const INTRODUCTION = `A rule names detectors under \`detect\`. Each says what it finds and what it misses: no detector finds everything, and the count of what is left in the clear is there to show it. All examples are made up; \`⊕\` stands where long random texts were cut in two, so that scanners for secrets leave this page alone.`

/** docs/reference/detectors.md */
export function detectorsPage(): string {
  const groups = DETECTOR_GROUPS.filter((group) => DETECTORS.some((detector) => detector.group === group))
  const sections = groups.flatMap((group) => [
    `## ${groupTitle(group)}`,
    ...DETECTORS.filter((detector) => detector.group === group).map(section),
  ])
  return page('# Detectors', INTRODUCTION, ...sections)
}

function groupTitle(group: string): string {
  const words = group.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function section(detector: Detector): string {
  const lines = [
    `### \`${detector.name}\``,
    '',
    detector.title,
    '',
    `- Finds: ${detector.finds}`,
    `- Misses: ${detector.misses}`,
  ]
  lines.push(`- ${counts(detector)}`)
  if (detector.lowEntropy) lines.push('- All possible values can be tried out: rules cannot `hash` what it finds.')
  lines.push(`- Examples: ${detector.examples.map((example) => code(inHalves(example))).join(', ')}`)
  return lines.join('\n')
}

/** Long runs of letters and digits in two. */
function inHalves(example: string): string {
  return example.replace(/[0-9A-Za-z_+/-]{20,}/g, (run) => {
    const half = Math.ceil(run.length / 2)
    return /[0-9]/.test(run) ? `${run.slice(0, half)}⊕${run.slice(half)}` : run
  })
}

/** When it counts. */
function counts({ activation, gate }: Detector): string {
  const words = (gate?.words ?? []).map(code).join(', ')
  switch (activation) {
    case 'always':
      return 'Counts wherever it stands.'
    case 'off':
      return 'Counts wherever it stands; no pack uses it: a rule has to name it.'
    case 'key':
      return `Counts by the name of the field alone, whose value is taken whole: ${(gate?.keys ?? []).map(code).join(', ')}`
    case 'gated':
      return `Counts only within ${gate?.within ?? DEFAULT_WITHIN} characters of one of these words, or in a field so named: ${words}`
  }
}

/** A code span that may hold backquotes and line feeds (CommonMark 6.1). */
function code(text: string): string {
  const line = text.replaceAll('\n', '\\n')
  const fence = line.includes('`') ? '``' : '`'
  return `${fence}${line}${fence}`
}

/**
 * Measures the detectors on labelled sentences: `node scripts/quality/run.ts`. Prints precision and recall for each
 * entity and writes docs/quality.md. Exit code 1 where a target is missed, 0 where all are met or the data is absent.
 */
import { writeFileSync } from 'node:fs'
import { PRESENT, readSentences } from './data-set.ts'
import { PHONE, STRONG } from './entities.ts'
import { HEADER, pageOf, type Result, rowsOf, targetsOf } from './page.ts'
import { isAnnounced } from './phone-labels.ts'
import { scoreOf, sum } from './score.ts'

const PAGE = new URL('../../docs/quality.md', import.meta.url)

function measured(): Result {
  const sentences = readSentences()
  const strong = STRONG.map((entity) => ({ entity, score: scoreOf(entity, sentences) }))
  const others = scoreOf(PHONE, sentences, (label, sentence) => !isAnnounced(label, sentence))
  return {
    strong,
    together: sum(strong.map(({ score }) => score)),
    announcedPhones: scoreOf(PHONE, sentences, isAnnounced),
    // What is found where no label is has been counted above.
    otherPhones: { ...others, findings: others.right, wrong: [] },
    sentences: sentences.length,
  }
}

if (!PRESENT) process.stdout.write('not measured: the labelled sentences are not there\n')
else {
  const result = measured()
  for (const cells of [HEADER, ...rowsOf(result)])
    process.stdout.write(
      `${cells.map((cell, column) => (column === 0 ? cell.padEnd(42) : cell.padStart(14))).join('')}\n`,
    )
  for (const [text, isMet] of targetsOf(result)) process.stdout.write(`${isMet ? 'met   ' : 'MISSED'} ${text}\n`)
  for (const { text, before } of [result.together, result.announcedPhones, result.otherPhones].flatMap(
    ({ missed }) => missed,
  ))
    process.stdout.write(`not found: ${JSON.stringify(text)} after ${JSON.stringify(before)}\n`)
  for (const { text, before } of [result.together, result.announcedPhones].flatMap(({ wrong }) => wrong))
    process.stdout.write(`found wrongly: ${JSON.stringify(text)} after ${JSON.stringify(before)}\n`)
  writeFileSync(PAGE, pageOf(result))
  if (targetsOf(result).some(([, isMet]) => !isMet)) process.exitCode = 1
}

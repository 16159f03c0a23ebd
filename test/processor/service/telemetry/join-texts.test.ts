import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTexts } from '../../../../processor/service/telemetry/join-texts.ts'

const one =
  '# HELP a_total A.\n# UNIT a_total bytes\n# TYPE a_total counter\na_total{worker="1"} 1\n# HELP b B.\n# TYPE b gauge\nb{worker="1"} 2\n'
const two =
  '# HELP b B.\n# TYPE b gauge\nb{worker="2"} 3\n# HELP a_total A.\n# UNIT a_total bytes\n# TYPE a_total counter\na_total{worker="2"} 4'

test('all series of a metric stand together, behind one head', () => {
  expect(joinTexts([one, two])).toBe(
    '# HELP a_total A.\n# UNIT a_total bytes\n# TYPE a_total counter\na_total{worker="1"} 1\na_total{worker="2"} 4\n# HELP b B.\n# TYPE b gauge\nb{worker="1"} 2\nb{worker="2"} 3\n',
  )
})

test('the text of one worker stays as it is, and of none there is nothing', () => {
  expect(joinTexts([one])).toBe(one)
  expect(joinTexts([])).toBe('')
  expect(joinTexts(['# no registered metrics', ''])).toBe('')
})

test('whatever workers have measured, no line is lost and no head stands twice', () => {
  const names = fc.subarray(['a', 'b_total', 'c_seconds'], { minLength: 1 })
  fc.assert(
    fc.property(fc.array(names, { maxLength: 5 }), (workers) => {
      const texts = workers.map((metrics, worker) =>
        metrics.map((name) => `# HELP ${name} It.\n# TYPE ${name} gauge\n${name}{worker="${worker}"} 1\n`).join(''),
      )
      const lines = joinTexts(texts).split('\n')
      const heads = lines.filter((line) => line.startsWith('#'))
      expect(new Set(heads).size).toBe(heads.length)
      const samples = texts.flatMap((text) => text.split('\n').filter((line) => line !== '' && line[0] !== '#'))
      expect(lines.filter((line) => line !== '' && line[0] !== '#').sort()).toEqual(samples.sort())
    }),
  )
})

import { describe, expect, it } from 'vitest'
import { entriesOf } from '../../../scripts/build/entries.ts'
import { contentProblems } from '../../../scripts/package/contents.ts'
import { ROOT } from '../../docs/document.ts'

const WHOLE = [
  ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'config.example.yaml'],
  ...['dist/processor/cli/main.js', 'rules/packs/gdpr.yaml'],
  ...entriesOf(ROOT).flatMap(({ module, moduleTypes, commonJs, commonJsTypes }) =>
    [module, moduleTypes, commonJs, commonJsTypes].map((path) => path.slice(2)),
  ),
]

describe('The contents of the package', () => {
  it('are right where everything is there, and nothing else', () => {
    expect(contentProblems(WHOLE, ROOT)).toEqual([])
  })

  it.for(WHOLE.filter((path) => !path.startsWith('rules/')))('miss %s', (path) => {
    const files = WHOLE.filter((other) => other !== path)
    expect(contentProblems(files, ROOT)).toEqual([`${path} is missing`])
  })

  it('miss the packs of rules', () => {
    const files = WHOLE.filter((path) => !path.startsWith('rules/'))
    expect(contentProblems(files, ROOT)).toEqual(['rules/packs is missing'])
  })

  it.for([
    'test/canary/hunt.ts',
    'dist/processor/index.js.map',
    'dist/processor/tsconfig.tsbuildinfo',
    'keys/security.jwk',
    'processor/index.ts',
    'rules/packs/notes.txt',
  ])('must not have %s', (path) => {
    expect(contentProblems([...WHOLE, path], ROOT)).toEqual([`${path} has no place in the package`])
  })

  it('must not have what was built of a source that is gone', () => {
    expect(contentProblems([...WHOLE, 'dist/processor/gone.js'], ROOT)).toEqual([
      'dist/processor/gone.js has no source any more: build again',
    ])
  })
})

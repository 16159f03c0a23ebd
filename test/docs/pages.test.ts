import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { LAYERS } from '../../scripts/imports/layers.ts'
import { document, ROOT, section } from './document.ts'

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'bench/README.md',
  'docs/architecture.md',
  'docs/canary.md',
  'docs/collector.md',
  'docs/dependencies.md',
  'docs/embedding.md',
  'docs/envelope.md',
  'docs/formats.md',
  'docs/library.md',
  'docs/lines.md',
  'docs/monitoring.md',
  'docs/scan.md',
  'docs/service.md',
  ...readdirSync(join(ROOT, 'docs/runbooks')).map((page) => `docs/runbooks/${page}`),
]

/** The anchors that headings get. */
function anchors(page: string): string[] {
  return [...document(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(PAGES)('%s has no link that leads nowhere', (page) => {
  const links = [...document(page).matchAll(/\]\((?!https?:)([^)]*)\)/g)].map((match) => match[1]!)
  for (const link of links) {
    const [path, anchor] = link.split('#') as [string, string?]
    const target = path === '' ? page : join(dirname(page), path)
    expect(existsSync(join(ROOT, target)), `${page}: ${link}`).toBe(true)
    if (anchor !== undefined) expect(anchors(target), `${page}: ${link}`).toContain(anchor)
  }
})

test('the page on dependencies lists each of them, with its version and its licence', () => {
  const manifest = JSON.parse(document('package.json'))
  const declared = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies })
  const rows = [...document('docs/dependencies.md').matchAll(/^\| ([@\w./-]+) \| ([\d.]+) \| ([^|]+) \|/gm)]
  const licence = (name: string): string => JSON.parse(document(`node_modules/${name}/package.json`)).license
  expect(rows.map(([, name, version, stated]) => [name, version, stated!.trim()])).toEqual(
    // Two lines of one package stand under two names.
    declared.map(([name, version]) => [name, version.replace(/^npm:.*@/, ''), licence(name)]),
  )
})

test('the page on architecture says who may import whom as it is checked', () => {
  const rows = LAYERS.map(({ name, knows }) => `| ${name} | ${knows.join(', ') || 'nothing'} |\n`)
  expect(section('docs/architecture.md', 'layers').split('\n').slice(2).join('\n')).toBe(rows.join(''))
})

test('every script that the pages name exists', () => {
  const { scripts } = JSON.parse(document('package.json'))
  for (const page of PAGES) {
    for (const [, name] of document(page).matchAll(/npm run (?:-s )?([a-z][a-z:]*)/g))
      expect(Object.keys(scripts), `${page}: ${name}`).toContain(name)
  }
})

test('the licence of the package is the one in LICENSE', () => {
  expect(JSON.parse(document('package.json')).license).toBe('Apache-2.0')
  expect(document('LICENSE')).toContain('Version 2.0, January 2004')
})

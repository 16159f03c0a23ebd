import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { detectorByName } from '../../../detectors/index.ts'
import { findAll } from '../drive.ts'

interface Vector {
  readonly validator: string
  readonly value: string
  readonly valid: boolean
}

/** What another project's authors expect of their validators; see the folder's README for source and licence. */
const FILE = new URL('../../../../shared/vectors/checksums/dd_sds_validators.json', import.meta.url)

const DETECTOR_OF: Readonly<Record<string, string>> = {
  GithubTokenChecksum: 'github_token',
  AtlassianTokenChecksum: 'atlassian_token',
}

/** Values that have the checksum, and are none of our tokens. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  b62_QdwULL38u41vs1OcAjhKqcaSZ9W63r0Zu4ln: 'the prefix is no prefix of GitHub',
}

const present = existsSync(FILE)
const vectors: readonly Vector[] = present ? JSON.parse(readFileSync(FILE, 'utf8')) : []

describe.skipIf(!present)('vectors of token checksums (skipped where ../shared/vectors is absent)', () => {
  const ours = vectors.filter(({ validator, value }) => validator in DETECTOR_OF && ELSEWHERE[value] === undefined)

  test('are there', () => {
    expect(ours.length).toBeGreaterThan(10)
  })

  test.each(ours.map((vector) => [vector.validator, vector.valid, vector] as const))(
    '%s: valid is %s',
    (_, valid, vector) => {
      const detector = detectorByName(DETECTOR_OF[vector.validator]!)!
      expect(findAll(detector, vector.value).length > 0).toBe(valid)
    },
  )
})

/** Published in `pkg/components/satokengen/tokengen_test.go` of Grafana. */
test('the checksum of Grafana’s own test is right, and no other', () => {
  const grafana = detectorByName('grafana_token')!
  const token = ['gl', 'sa_iNValIdinValiDinvalidinvalidinva_5b582697'].join('')
  expect(findAll(grafana, token)).toHaveLength(1)
  expect(findAll(grafana, token.replace('5b58', '585b'))).toEqual([])
})

test.each(['npm_token', 'github_token', 'grafana_token', 'atlassian_token'])('one wrong character: no %s', (name) => {
  const detector = detectorByName(name)!
  const [token] = findAll(detector, detector.examples[0]!)
  const wrong = [...token!.text.slice(14)].map((character, index) => {
    const other = character === 'a' ? 'b' : 'a'
    return token!.text.slice(0, 14 + index) + other + token!.text.slice(15 + index)
  })
  expect(wrong.length).toBeGreaterThan(20)
  for (const text of wrong) expect(findAll(detector, text)).toEqual([])
})

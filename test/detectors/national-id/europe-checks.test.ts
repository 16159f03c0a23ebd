import { describe, expect, test } from 'vitest'
import { EUROPE } from '../../../detectors/national-id/europe.ts'
import { findAll } from '../drive.ts'

function isFound(name: string, text: string): boolean {
  return findAll(EUROPE.find((one) => one.name === name)!, text).some((match) => match.text === text)
}

/** Numbers that others have published, with checks that no package has and that are written here. */
describe.each([
  ['hu_tin', 'OECD, TIN sheet of Hungary', '8071592153'],
  ['ie_pps', 'Revenue, two letters since 2013', '1234567FA'],
  ['ie_pps', 'python-stdnum, ie.pps', '6433435OA'],
  ['ie_pps_labelled', 'python-stdnum, ie.pps, one letter', '6433435F'],
  ['lu_nin', 'Datadog, sensitive data scanner', '1990093012358'],
  ['lu_nin', 'Datadog, sensitive data scanner', '1966051507682'],
  ['lv_pk', 'python-stdnum, lv.pvn', '161175-19997'],
  ['dk_cpr', 'CPR office, paper on the check digit', '070761-4285'],
  ['dk_cpr', 'python-stdnum, dk.cpr', '211062-5629'],
  ['se_personnummer', 'Skatteverket, coordination number', '701063-2391'],
  ['se_personnummer', 'Swedish Wikipedia, Luhn example', '811228-9874'],
] as const)('%s, %s', (name, _, number) => {
  test(`${number} is found`, () => {
    expect(isFound(name, number)).toBe(true)
  })

  test(`${number} with any one digit changed is not`, () => {
    for (const { index, 0: digit } of number.matchAll(/[0-9]/g)) {
      for (const other of '0123456789') {
        // Latvian codes that begin with 3 have neither date nor check digit.
        if (other === digit || (name === 'lv_pk' && index === 0 && other === '3')) continue
        const changed = number.slice(0, index) + other + number.slice(index + 1)
        expect({ changed, found: isFound(name, changed) }).toEqual({ changed, found: false })
      }
    }
  })
})

test.each([
  ['de_id_card', 'L01X00T47', '1'],
  ['de_id_card', 'T22000129', '3'],
  ['de_passport', 'C01X00T47', '8'],
])('%s: the specimen %s has the check digit %s of its machine-readable zone and no other', (name, number, check) => {
  expect([...'0123456789'].filter((digit) => isFound(name, number + digit))).toEqual([check])
})

test('a Danish number without check digit counts on 1 January, or beside a word', () => {
  expect(isFound('dk_cpr', '010165-0003')).toBe(true)
  expect(isFound('dk_cpr', '020165-0004')).toBe(false)
  expect(isFound('dk_cpr_labelled', '020165-0004')).toBe(true)
})

test('a British driver number needs a day that the year may have', () => {
  const days = [...Array(100).keys()].map((day) => `${day}`.padStart(2, '0'))
  const accepted = (month: string): string[] =>
    days.filter((day) => isFound('uk_driving_licence', `MORGA6${month}${day}4SM9IJ`))
  expect(accepted('02')).toEqual(days.slice(1, 30))
  expect(accepted('54')).toEqual(days.slice(1, 31))
  expect(accepted('13')).toEqual([])
})

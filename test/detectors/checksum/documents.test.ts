import { describe, expect, test } from 'vitest'
import { icaoCheckDigit, passesIcao9303 } from '../../../detectors/checksum/icao-9303.ts'
import { passesVin } from '../../../detectors/checksum/vin.ts'

describe('the check digit of machine-readable zones', () => {
  // Specimens of ICAO Doc 9303, parts 3 to 6.
  test.each([
    ['520727', 3],
    ['AB2134<<<', 5],
    ['L898902C3', 6],
    ['ZE184226B<<<<<', 1],
    ['L898902C3674081221204159ZE184226B<<<<<1', 0],
    ['D23145890', 7],
  ])('of %s is %i', (field, digit) => expect(icaoCheckDigit(field)).toBe(digit))

  test('may be a filler where the field is empty', () => {
    expect(passesIcao9303('<<<<<<<<<<<<<<<')).toBe(true)
    expect(passesIcao9303('ZE184226B<<<<<<')).toBe(false)
  })
})

describe('the check digit of vehicle identification numbers', () => {
  // 1M8GDM9AXKP042788 is worked out in the rule's literature; seventeen ones pass as well.
  test.each(['1M8GDM9AXKP042788', '11111111111111111', '1HGCM82633A004352', '5GZCZ43D13S812715'])('passes %s', (vin) =>
    expect(passesVin(vin)).toBe(true),
  )

  test('is one for each number, X among them', () => {
    const passing = [...'0123456789X'].filter((check) => passesVin(`1M8GDM9A${check}KP042788`))
    expect(passing).toEqual(['X'])
  })
})

import { describe, expect, test } from 'vitest'
import { passesMyNumber } from '../../../detectors/checksum/my-number.ts'
import { passesNric } from '../../../detectors/checksum/nric.ts'
import { passesPhilippineTin } from '../../../detectors/checksum/philippine-tin.ts'
import { passesTaxFileNumber } from '../../../detectors/checksum/tax-file-number.ts'

const DIGITS = [...'0123456789']

/** Last characters with which a number passes. */
function passing(passes: (number: string) => boolean, front: string, characters: readonly string[] = DIGITS): string[] {
  return characters.filter((last) => passes(front + last))
}

describe('the check letter of NRIC and FIN', () => {
  // Those of Presidio and of Datadog's scanner, a few of each series.
  test.each(['S2740116C', 'S6859080I', 'T1680536F', 'F2346401L', 'F5221211K', 'G8169811U', 'G3970684P'])(
    'passes %s',
    (number) => expect(passesNric(number)).toBe(true),
  )

  test.each(['M4332674T', 'M9612050P', 'M2200054X'])('passes %s, of the series since 2022', (number) =>
    expect(passesNric(number)).toBe(true),
  )

  test.each(['M9612050Q', 'G3970683P', 'I6859080I', 'A1234567A', 'B1234567Z', '', 'S'])('refuses %j', (number) =>
    expect(passesNric(number)).toBe(false),
  )

  test.each([...'STFGM'])('is one letter for each number of series %s', (series) => {
    for (const digits of ['0000000', '1234567', '9876543'])
      expect(passing(passesNric, series + digits, [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'])).toHaveLength(1)
  })
})

describe('the check digit of My Number', () => {
  test('is the one of the specimen 123456789018, and sees every wrong digit of it', () => {
    expect(passing(passesMyNumber, '12345678901')).toEqual(['8'])
    for (let at = 0; at < 11; at += 1) {
      const others = DIGITS.filter((digit) => digit !== '123456789018'[at])
      const wrong = others.map((digit) => `${'123456789018'.slice(0, at)}${digit}${'123456789018'.slice(at + 1)}`)
      // The check digit 0 stands for two remainders, so that one in eleven changes may hide.
      expect(wrong.filter(passesMyNumber).length).toBeLessThanOrEqual(1)
    }
  })
})

describe('the check of Australian tax file numbers', () => {
  test.each(['876543210', '430341373', '346614101', '565051603', '907974668', '112474082'])('passes %s', (digits) =>
    expect(passesTaxFileNumber(digits)).toBe(true),
  )

  test.each(['81854402', '37118629', '37118660', '37118705'])('passes the older %s', (digits) =>
    expect(passesTaxFileNumber(digits)).toBe(true),
  )

  test.each(['824753557', '112474083', '37113655', '9599230'])('refuses %s', (digits) =>
    expect(passesTaxFileNumber(digits)).toBe(false),
  )
})

describe('the check digit of Philippine taxpayer numbers', () => {
  test.each(['000123456', '000123456000', '00012345600001'])('passes %s', (digits) =>
    expect(passesPhilippineTin(digits)).toBe(true),
  )

  test('is one digit at most, and refuses a row of digits', () => {
    expect(passing(passesPhilippineTin, '00012345')).toEqual(['6'])
    expect(passesPhilippineTin('123456789')).toBe(false)
  })
})

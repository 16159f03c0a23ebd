import { describe, expect, test } from 'vitest'
import { calendarDate } from '../../../detectors/identity/calendar-date.ts'

describe('a date of the calendar', () => {
  test.each([
    ['1980-02-29', '1980-02-29'],
    ['1980/2/9', '1980-02-09'],
    ['19800229', '1980-02-29'],
    ['29.02.1980', '1980-02-29'],
    ['02/29/1980', '1980-02-29'],
    ['03/04/1980', '1980-04-03'],
    ['29-Feb-80', '1980-02-29'],
    ['1st of March, 2001', '2001-03-01'],
    ['February 29, 1980', '1980-02-29'],
    ['1/1/29', '2029-01-01'],
    ['1/1/30', '1930-01-01'],
  ])('%s is %s', (printed, day) => {
    expect(calendarDate(printed)).toBe(day)
  })

  test.each([
    ['1981-02-29', 'no leap year'],
    ['1900-02-29', 'no leap year of the Gregorian calendar'],
    ['31.04.1980', 'a month of thirty days'],
    ['13/13/1980', 'no month'],
    ['1879-12-31', 'too early'],
    ['2050-01-01', 'too late'],
    ['1980-00-10', 'no month zero'],
    ['24 Marble 1980', 'no month of that name'],
    ['1980-02', 'no day'],
    ['', 'nothing'],
    ['12345678', 'no date in one run'],
  ])('%s is none: %s', (printed) => {
    expect(calendarDate(printed)).toBeUndefined()
  })
})

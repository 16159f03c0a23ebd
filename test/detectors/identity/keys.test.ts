import { describe, expect, test } from 'vitest'
import { dateOfBirth } from '../../../detectors/identity/birth.ts'
import * as demographics from '../../../detectors/identity/demographics.ts'
import { personName } from '../../../detectors/identity/person.ts'
import { foundIn, opens } from '../opened.ts'

describe('the name of a person', () => {
  test.each([
    'first_name',
    'firstName',
    'FirstName',
    'user.last_name',
    'surname',
    'full_name',
    'user.fullName',
    'cardholder_name',
    'cardHolder',
    'account holder name',
    'customer_name',
    'patientName',
    'billing.name',
    'mothers_maiden_name',
    'Vorname',
    'prénom',
    'apellidos',
    '姓名',
  ])('is known by the key %s', (key) => {
    expect(opens(personName, key)).toBe(true)
  })

  test.each([
    'name',
    'host.name',
    'service.name',
    'file_name',
    'user_agent.name',
    'user.name',
    'username',
    'display_name',
    'k8s.pod.name',
    'thread.name',
    'db.name',
    'event_name',
    'class_full_name',
    'repository_full_name',
    'first_name_count',
    'first',
    'last_seen',
    'lastModified',
    'process.executable.name',
    'cloud.account.name',
    'placeholder',
  ])('is not known by the key %s', (key) => {
    expect(opens(personName, key)).toBe(false)
  })
})

describe.each([
  [demographics.age, ['user_age', 'patientAge', 'age_group'], ['age', 'max_age', 'page', 'cache_age', 'image']],
  [demographics.gender, ['gender', 'user.sex', 'genderIdentity', 'pronouns', 'Geschlecht'], ['engendered', 'sextant']],
  [demographics.ethnicity, ['ethnicity', 'ethnic_origin', 'patient.race'], ['race', 'race_condition', 'trace']],
  [demographics.religion, ['religion', 'religious_belief'], ['region', 'religion_count']],
  [demographics.politicalOpinion, ['political_party', 'politicalViews'], ['third_party', 'party', 'policy']],
  [demographics.tradeUnion, ['trade_union', 'union_membership'], ['union', 'union_all', 'credit_union']],
  [demographics.sexualOrientation, ['sexual_orientation'], ['orientation', 'screen_orientation']],
  [demographics.maritalStatus, ['marital_status', 'civilStatus', 'Familienstand'], ['status', 'http_status']],
  [demographics.nationality, ['nationality', 'citizenship', 'country_of_birth'], ['country', 'national', 'visa']],
] as const)('$name', (detector, opening, others) => {
  test.each(opening)('is known by the key %s', (key) => {
    expect(opens(detector, key)).toBe(true)
  })

  test.each(others)('is not known by the key %s', (key) => {
    expect(opens(detector, key)).toBe(false)
  })
})

describe('a date of birth', () => {
  test.each([
    ['dob 1980-02-29', 'message', ['1980-02-29']],
    ['date_of_birth: 29.02.1980', 'message', ['29.02.1980']],
    ['né le 29/02/1980 à Lyon', 'message', ['29/02/1980']],
    ['生年月日: 1980/02/29', 'message', ['1980/02/29']],
    ['1980-02-29', 'user.birthDate', ['1980-02-29']],
    ['1980-03-14T23:00:00.000Z', 'dob', ['1980-03-14T23:00:00.000Z']],
    ['2024-11-24 10:15:30 dob missing', 'message', []],
    ['2024-11-24T10:15:30.123Z INFO dob=1980-02-29', 'message', ['1980-02-29']],
    ['released 2024-11-24', 'message', []],
    ['stubborn 2024-11-24', 'message', []],
  ])('in %j under %s is %j', (text, key, expected) => {
    expect(foundIn(dateOfBirth, text, key)).toEqual(expected)
  })
})

import { describe, expect, test } from 'vitest'
import { phoneNational } from '../../../detectors/contact/phone-national.ts'
import { postalAddress } from '../../../detectors/contact/postal-address.ts'
import { dePostalCode, ukPostcode, usZipCode } from '../../../detectors/contact/postal-code.ts'
import { socialHandle } from '../../../detectors/contact/social-handle.ts'
import { foundIn, opens } from '../opened.ts'

describe('a postal address', () => {
  test.each([
    'street',
    'streetAddress',
    'billing_address',
    'shippingAddressLine1',
    'addressLine2',
    'address_1',
    'customer.address',
    'home address',
    'Anschrift',
    'lieferadresse',
    'dirección',
    '住所',
  ])('is known by the key %s', (key) => {
    expect(opens(postalAddress, key)).toBe(true)
  })

  test.each([
    'address',
    'server.address',
    'client.address',
    'network.peer.address',
    'source.address',
    'ip_address',
    'mac_address',
    'email_address',
    'address_count',
    'bind_addr',
    'street_count',
    'wallet_address',
  ])('is not known by the key %s', (key) => {
    expect(opens(postalAddress, key)).toBe(false)
  })
})

describe('a name in a social network', () => {
  test.each(['twitter_handle', 'instagramUsername', 'social.handle', 'telegram user', 'skype_id'])(
    'is known by %s',
    (key) => {
      expect(opens(socialHandle, key)).toBe(true)
    },
  )

  test.each(['twitter', 'handle', 'file_handle', 'username', 'signal', 'timeline_id', 'twitter_handle_count'])(
    'is not known by %s',
    (key) => {
      expect(opens(socialHandle, key)).toBe(false)
    },
  )
})

describe('a national phone number', () => {
  test.each([
    ['Phone: 415-555-0132', ['415-555-0132']],
    ['Telefon 030 901820 besetzt', ['030 901820']],
    ['tel:02079460958', ['02079460958']],
    ['电话 13800138000', ['13800138000']],
    ['order 4155550132 shipped', []],
    ['telephony module 4155550132', []],
    ['2024-11-24 10:15:30 phone verified', []],
    ['ts=1732450000 msg="sms sent"', []],
    ['Mozilla/5.0 (Linux; Android 10) Chrome/131.0.6778.85 Mobile Safari/537.36', []],
    ['phone=550e8400-e29b-41d4-a716-446655440000', []],
  ])('in %j is %j', (text, expected) => {
    expect(foundIn(phoneNational, text)).toEqual(expected)
  })

  test.each(['phone', 'phoneNumber', 'user.mobile_number', 'contact_number', 'msisdn'])(
    'is opened by the key %s',
    (key) => {
      expect(foundIn(phoneNational, '4155550132', key)).toEqual(['4155550132'])
    },
  )

  test('has one normal form however it is grouped', () => {
    const forms = ['(415) 555-0132', '415.555.0132', '415 555 0132', '4155550132']
    expect(new Set(forms.map((form) => phoneNational.normalise(form)))).toEqual(new Set(['4155550132']))
  })
})

test.each([
  [ukPostcode, 'postcode SW1A 1AA', 'SW1A 1AA'],
  [dePostalCode, 'PLZ: 10115 Berlin', '10115'],
  [usZipCode, 'zip_code=20500-0003', '20500-0003'],
] as const)('a postal code needs a word beside it, or a key', (detector, text, code) => {
  expect(foundIn(detector, text)).toEqual([code])
  expect(foundIn(detector, code, 'address.zip')).toEqual([code])
  expect(foundIn(detector, `unzip of ${code} files`)).toEqual([])
  expect(foundIn(detector, code, 'zip_size')).toEqual([])
})

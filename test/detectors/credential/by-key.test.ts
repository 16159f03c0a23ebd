import { describe, expect, test } from 'vitest'
import { CREDENTIAL } from '../../../detectors/credential/index.ts'
import { DetectorSet } from '../../../detectors/set.ts'

const set = new DetectorSet(CREDENTIAL.filter(({ activation }) => activation === 'key'))

function openedBy(key: string): string[] {
  return [...set.openedBy(key)].map((detector) => set.detectors[detector]!.name)
}

describe.each([
  [
    'password',
    'password Password user.password DB_PASSWORD newPassword password2 passwordConfirmation passwd passphrase userPwd db_pass kennwort contraseña mot_de_passe senha',
  ],
  [
    'oauth_secret',
    'client_secret clientSecret access_token refreshToken id_token oauth.token_secret code_verifier device_code authorization_code',
  ],
  [
    'authorization_header',
    'authorization http.request.header.authorization Proxy-Authorization x-api-key X-Auth-Token x-amz-security-token x-goog-api-key headers.apikey Private-Token Ocp-Apim-Subscription-Key',
  ],
  [
    'session_token',
    'JSESSIONID PHPSESSID connect.sid ASP.NET_SessionId sessionToken session_key csrf_token X-CSRF-Token XSRF-TOKEN csrfmiddlewaretoken authenticity_token __RequestVerificationToken',
  ],
  [
    'recovery_code',
    'mnemonic seed_phrase recovery_code user.recoveryCodes backup_codes totp_secret mfaSecret otp_seed',
  ],
])('keys of %s', (name, keys) => {
  test.each(keys.split(' '))('%s opens it', (key) => {
    expect(openedBy(key)).toContain(name)
  })
})

test.each(
  'pwd password_reset_at password_policy passwordless session.id session_id token_type token_count expires_in authorized authorization_endpoint client_id code status_code backup recovery_time seed cursor compass bypass csrf_enabled secretary'.split(
    ' ',
  ),
)('%s opens none', (key) => {
  expect(openedBy(key)).toEqual([])
})

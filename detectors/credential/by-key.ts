import type { Detector } from '../detector.ts'
import { keysEndingWith, type NamedValueFacts, namedValue } from '../named-value.ts'

/** Case and spaces are part of a secret. */
function namedSecret(facts: Omit<NamedValueFacts, 'group' | 'lowEntropy'>): Detector {
  return {
    ...namedValue({ ...facts, group: 'credential', lowEntropy: false }),
    normalise: (match) => match.normalize('NFC'),
  }
}

export const password = namedSecret({
  name: 'password',
  title: 'Password by its key',
  finds:
    'The whole value under keys that end in a word for password: `password`, `passwd`, `passphrase`, `passcode`, `userPwd`, `new_password`, `passwordConfirmation`, `password2`, and the word in other languages (`passwort`, `contraseña`, `mot_de_passe`, `senha` and more).',
  misses:
    'Passwords under other keys. A bare `pwd` is the working directory more often, and left alone; so are names that go on (`password_reset_at`, `password_hash`).',
  keys: [
    keysEndingWith(
      `(?:${[
        'pass(?:words?|wd|phrase|code|wort)',
        'kennwort',
        'contrase(?:n|ñ)a',
        'mot de passe',
        'senha',
        'wachtwoord',
        'has(?:l|ł)o',
        'salasana',
        'l(?:o|ö)senord',
        'パスワード',
        '密码',
        'пароль',
      ].join('|')})(?: ?(?:[0-9]|confirm|confirmation|repeat|again|plain|plaintext|clear))?`,
      '(?:user|username|db|database|admin|root|login|account|new|old|current|ftp|smtp|mail|ldap|proxy) ?(?:pwd|pass|pw)',
    ),
  ],
  examples: ['made up', 'Made-up-1'],
})

export const oauthSecret = namedSecret({
  name: 'oauth_secret',
  title: 'OAuth secret or token by its key',
  finds:
    'The whole value under keys that OAuth and OpenID Connect name (RFC 6749, RFC 7591, RFC 7636): `client_secret`, `access_token`, `refresh_token`, `id_token`, `client_assertion`, `code_verifier`, `device_code`, `authorization_code`.',
  misses: 'Authorization codes under the bare key `code`, and tokens under keys of one’s own.',
  keys: [
    keysEndingWith(
      '(?:client|consumer|token) ?secret',
      '(?:access|refresh|id|bearer|oauth2?|auth) ?token',
      'client ?assertion',
      'code ?verifier',
      '(?:device|authorization|auth|oauth) ?code',
    ),
  ],
  examples: ['made-up-client-secret'],
})

export const authorizationHeader = namedSecret({
  name: 'authorization_header',
  title: 'Authorization header by its key',
  finds:
    'The whole value under the names of headers that carry credentials: `authorization`, `proxy-authorization`, `x-api-key`, `x-auth-token`, `x-access-token`, `x-amz-security-token`, `x-vault-token`, `x-goog-api-key`, `x-functions-key`, `private-token`, `ocp-apim-subscription-key` and others, alone or behind the name of their list (`http.request.header.authorization`).',
  misses: 'Headers with names of one’s own.',
  keys: [
    keysEndingWith(
      '(?:proxy )?authorization',
      'x (?:[a-z]+ )?(?:api ?key|auth ?key|auth ?token|access ?token|security ?token|vault ?token|functions ?key|secret)',
      'ocp apim subscription ?key',
      'dd (?:api|application) ?key',
    ),
    '(?:^|headers? )(?:private ?token|job ?token|api ?key)$',
  ],
  examples: ['Bearer made-up', 'made-up-key'],
})

export const sessionToken = namedSecret({
  name: 'session_token',
  title: 'Session or CSRF token by its key',
  finds:
    'The whole value under the names of session cookies and of tokens against forged requests: `session_token`, `session_key`, `sessid`, `JSESSIONID`, `PHPSESSID`, `ASP.NET_SessionId`, `connect.sid`, `csrf_token`, `xsrf-token`, `authenticity_token`, `__RequestVerificationToken`.',
  misses:
    'Ids of sessions under `session_id` and `session.id`: most of them tie records together and open nothing. Name the key in a rule where yours does.',
  keys: [
    keysEndingWith(
      'session ?(?:token|key|secret|cookie)',
      'sess ?id|jsessionid|j ?session ?id|php ?sessid|connect sid|asp net session ?id|aspxauth|laravel session',
      '(?:csrf|xsrf)(?: ?(?:token|secret|cookie))?',
      'csrfmiddlewaretoken|authenticity ?token|request ?verification ?token',
    ),
  ],
  examples: ['0badc0de0badcafe'],
})

export const recoveryCode = namedSecret({
  name: 'recovery_code',
  title: 'Recovery code, phrase or seed by its key',
  finds:
    'The whole value under keys for what opens an account or a wallet without its password: `mnemonic`, `seed_phrase`, `recovery_phrase`, `recovery_code`, `backup_codes`, `totp_secret`, `otp_seed`, `mfa_secret`.',
  misses: 'Phrases in a text: twelve words are a sentence.',
  keys: [
    keysEndingWith(
      'mnemonic(?: ?phrase)?',
      'seed ?(?:phrase|words)',
      'recovery ?(?:phrase|words|seed|key|codes?)',
      '(?:backup|scratch) ?codes?',
      '(?:totp|h?otp|mfa|2fa|2 fa|two factor|authenticator)(?: auth)? ?(?:secret|seed|key)',
    ),
  ],
  examples: ['legal winner thank year'],
})

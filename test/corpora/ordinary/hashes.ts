import type { Kind } from './line.ts'
import { service, version } from './names.ts'

export const hashes: Kind = (random) =>
  random.pick([
    () => `${random.hex(64)}  ${service(random)}_${version(random)}_amd64.deb`,
    () => `"integrity": "sha512-${random.base64(64)}"`,
    () => `commit ${random.hex(40)} (HEAD -> main, tag: ${version(random)})`,
    () => `index ${random.hex(7)}..${random.hex(7)} 100644`,
    () => `SHA256:${random.base64(32).slice(0, 43)} ${service(random)} (ED25519)`,
    () => `docker pull registry.example/${service(random)}@sha256:${random.hex(64)}`,
    () =>
      `md5=${random.hex(32)} sha1=${random.hex(40)} crc32=${random.hex(8)} adler=${random.digits(10)} size=${random.digits(9)}`,
    () => `go.sum: github.com/example/${service(random)} v1.${random.integer(0, 90)}.0 h1:${random.base64(32)}`,
    () => `Content-MD5: ${random.base64(16)} x-goog-hash: crc32c=${random.base64(4)}`,
    () => `script-src 'nonce-${random.base64(16)}' 'sha256-${random.base64(32)}'`,
    () => `fingerprint ${random.hex(40).toUpperCase().match(/..../g)!.join(' ')}`,
    () => `fingerprint ${random.hex(40).toUpperCase().match(/../g)!.join(':')}`,
    () =>
      `bucket ${random.integer(0, 1023)} of hash ${random.text('0123456789', 16).replace(/^./, '0')} murmur3 ${random.digits(10)} xxh64 ${random.hex(16)}`,
    () => `cache key npm-${random.hex(64)} restored, api_key_id=none, password_hash=null, token=<none>`,
    () => `Objects are equal: blob ${random.hex(40)} tree ${random.hex(40)} author date 1785${random.digits(6)} +0200`,
  ])()

/**
 * Texts made to cost much: pieces of what detectors look for, so that patterns match everywhere, and what they propose is
 * wrong, or comes loose piece by piece.
 */
const PIECES = [
  '4111 1111 1111 1112 ',
  '4-4-4-4-4-4-4-4-4-4-4-4-',
  'a@b@c@d@e@',
  'x.y.z@q-.',
  '=git%40a.co',
  '::1:2:3::4:',
  '1.2.3.4.5.6.7.',
  'eyJhbGciOi.eyJ.',
  '-----BEGIN PRIVATE KEY-----',
  'DE89 3704 0044 0532 0130 01 ',
  '+49 151 +49 151 +1 (',
  'https://a:b:c:d://e:',
  'ssn passport iban tax id 123456789 987654321 ',
  'password=secret token={x} api_key: ',
  'AKIA AKIAAKIAAKIAAKIA ',
  'ghp_ghp_ghp_ghp_ghp_',
] as const

/**
 * `bytes` of JSON lines, each with one text of `length` bytes that is one piece over and over.
 *
 * The larger is the smaller many times over, so that only the amount differs.
 */
export function adversarialLines(bytes: number, length: number): Buffer {
  const lines = PIECES.map(
    (piece) => `${JSON.stringify({ msg: piece.repeat(length / piece.length + 1).slice(0, length) })}\n`,
  )
  const all = Buffer.from(lines.join(''))
  return Buffer.concat(Array.from({ length: Math.max(1, Math.round(bytes / all.length)) }, () => all))
}

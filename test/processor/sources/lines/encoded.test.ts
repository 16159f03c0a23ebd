import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodingOf } from '../../../../processor/sources/lines/encoded.ts'

test('what is compressed or UTF-16 is known by how it begins', () => {
  expect(encodingOf(gzipSync('a'))).toBe('gzip')
  expect(encodingOf(zstdCompressSync('a'))).toBe('Zstandard')
  expect(encodingOf(Buffer.from('\ufeffa', 'utf16le'))).toBe('UTF-16')
  expect(encodingOf(Buffer.from('\ufeffa', 'utf16le').swap16())).toBe('UTF-16')
  expect(encodingOf(Buffer.from('BZh91AY&SY'))).toBe('bzip2')
  expect(encodingOf(Buffer.from('PK\x03\x04..', 'latin1'))).toBe('zip')
})

test('lines are lines, whatever they begin with', () => {
  for (const text of ['', '{', '\ufeff{}', 'PK is no archive', '\0\0', '\u001f', 'BZh9 is a text'])
    expect(encodingOf(Buffer.from(text))).toBeUndefined()
  // These have no beginning of their own that no text could have.
  expect([deflateSync('a'), brotliCompressSync('a')].map(encodingOf)).toEqual([undefined, undefined])
})

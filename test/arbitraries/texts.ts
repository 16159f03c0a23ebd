import fc from 'fast-check'
import { DETECTORS } from '../../detectors/index.ts'

const EXAMPLES = DETECTORS.flatMap((detector) => detector.examples)

/** What looks like personal data and is none, or is some only by itself. */
const NEAR_MISSES = [
  '4111111111111112',
  '123 4111111111111111',
  '4111 1111 1111 1111 123',
  'jane@localhost',
  'icon@2x.png',
  '1.2.3.4.5',
  '999.1.1.1',
  '000-12-3456',
  'eyJhbGciOiJub25lIn0',
  'DE00 0000 0000 0000 0000 00',
  '+49',
  'postgres://app@db',
  '-----BEGIN CERTIFICATE-----',
]

const GLUE = [
  '',
  ' ',
  '\n',
  '\t',
  ',',
  '.',
  '-',
  '_',
  '@',
  '/',
  '"',
  '\\',
  '4',
  'x',
  'é',
  '界',
  '😀',
  '\u0000',
  '\u00a0',
]

/** Texts made of what detectors find, what they nearly find, and what stands around it. */
export const textWithFindings: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...EXAMPLES) },
      { weight: 2, arbitrary: fc.constantFrom(...NEAR_MISSES) },
      { weight: 4, arbitrary: fc.constantFrom(...GLUE) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 6 }) },
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''))

import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

export const uuid: Detector = standalone({
  name: 'uuid',
  title: 'UUID',
  group: 'network',
  activation: 'off',
  finds: 'UUIDs of versions 1 to 8 and the variant of RFC 9562, in the form 8-4-4-4-12, in letters of either case.',
  misses:
    'The nil and the max UUID, other variants, and UUIDs in one run of 32 digits. Most name a request, not a person.',
  shapes: ['[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}'],
  lowEntropy: false,
  examples: ['user 550e8400-e29b-41d4-a716-446655440000'],
  accepts: () => true,
  normalise: (match) => match.toLowerCase(),
})

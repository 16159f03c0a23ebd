import type { Detector } from '../detector.ts'
import { keysEndingWith, namedValue } from '../named-value.ts'

export const medicalInformation: Detector = namedValue({
  name: 'medical_information',
  title: 'Medical information',
  group: 'health',
  finds:
    'The whole value under keys that name a diagnosis, a code of ICD-9, ICD-10 or NDC, medication, allergies, blood type, disability or another part of a health record.',
  misses:
    'Medical terms in texts, and keys of other names. A program that calls its own fault a diagnosis is taken for a doctor.',
  keys: [
    keysEndingWith(
      'icd(?: ?(?:9|10|11))?(?: ?(?:cm|pcs))?(?: codes?)?',
      '(?:medical |clinical |primary |secondary |patient )?diagnos[ei]s(?: codes?| text| description)?',
      'diagnose(?:n|schlüssel)?',
      'medications?(?: names?)?',
      '(?:drug|medicine) names?',
      'ndc(?: codes?)?',
      'prescriptions?',
      'allerg(?:y|ies)',
      'blood ?(?:type|group)',
      'blutgruppe',
      '(?:medical|health|patient) (?:conditions?|history|notes?|status|problems?)',
      'medical ?record ?(?:number|no|id)',
      'mrn',
      'disabilit(?:y|ies)',
      'symptoms?',
      '(?:lab|test|hiv|covid) results?(?: values?)?',
      'vaccinations?|immuni[sz]ations?',
      'procedure codes?|cpt codes?|snomed(?: codes?)?|loinc(?: codes?)?',
    ),
  ],
  lowEntropy: true,
  examples: ['E11.9', 'type 2 diabetes'],
})

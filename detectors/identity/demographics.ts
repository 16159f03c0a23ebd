import type { Detector } from '../detector.ts'
import { keysEndingWith, namedValue } from '../named-value.ts'

/** Who may have an age, a race or a party; a cache has an age too, and threads race. */
const PERSON =
  '(?:user|customer|patient|employee|member|person|contact|applicant|student|guest|subscriber|insured|client|driver|candidate)'

interface Trait {
  readonly name: string
  readonly title: string
  readonly keys: readonly string[]
  readonly misses?: string
}

function trait({ name, title, keys, misses = '' }: Trait): Detector {
  return namedValue({
    name,
    title,
    group: 'identity',
    finds: `The whole value under keys that name it: ${title.toLowerCase()}.`,
    misses: `What texts tell, and keys of other names.${misses}`,
    keys: [keysEndingWith(...keys)],
    lowEntropy: true,
    examples: ['value'],
  })
}

export const age: Detector = trait({
  name: 'age',
  title: 'Age of a person',
  keys: [`${PERSON} ?age`, 'age ?(?:years?|in years|group|range|band|bracket)', 'alter in jahren|lebensalter'],
  misses: ' The key `age` alone: caches and pods have one too.',
})

export const gender: Detector = trait({
  name: 'gender',
  title: 'Gender or sex',
  keys: [
    '(?:legal |birth )?gender(?: ?(?:identity|code))?',
    'sex',
    '(?:preferred )?pronouns?',
    'geschlecht|sexe|g[eé]nero|genere|sesso|p[lł]e[cć]|geslacht',
  ],
})

export const ethnicity: Detector = trait({
  name: 'ethnicity',
  title: 'Racial or ethnic origin',
  keys: [
    'ethnicit(?:y|ies)',
    'ethnic ?(?:origin|group|background|code)',
    '(?:racial ?origin|race ?ethnicity|race ?code)',
    `${PERSON} race`,
    'skin ?colou?r',
    'ethnische herkunft|origine ethnique|origen [eé]tnico',
  ],
  misses: ' The key `race` alone.',
})

export const religion: Detector = trait({
  name: 'religion',
  title: 'Religious or philosophical belief',
  keys: [
    'religion',
    'religious ?(?:belief|beliefs|affiliation|denomination)',
    'konfession|religionszugehörigkeit|religi[oó]n|religione',
  ],
})

export const politicalOpinion: Detector = trait({
  name: 'political_opinion',
  title: 'Political opinion',
  keys: ['political ?(?:opinions?|views?|party|affiliation|leaning)', 'party ?affiliation', 'parteizugehörigkeit'],
})

export const tradeUnion: Detector = trait({
  name: 'trade_union',
  title: 'Trade union membership',
  keys: ['(?:trade|labou?r) ?union(?: ?(?:member|membership|name))?', 'union ?(?:member|membership)', 'gewerkschaft'],
})

export const sexualOrientation: Detector = trait({
  name: 'sexual_orientation',
  title: 'Sexual orientation or sex life',
  keys: [
    'sexual ?(?:orientation|preference|identity)',
    'sex ?life',
    'sexuelle orientierung|orientation sexuelle|orientaci[oó]n sexual',
  ],
})

export const maritalStatus: Detector = trait({
  name: 'marital_status',
  title: 'Marital or family status',
  keys: [
    '(?:marital|civil|family|relationship) ?status',
    'familienstand|[eé]tat civil|estado civil|stato civile|burgerlijke staat',
  ],
})

export const nationality: Detector = trait({
  name: 'nationality',
  title: 'Nationality or citizenship',
  keys: [
    'nationalit(?:y|ies)',
    '(?:country of )?citizenship(?: ?(?:country|status))?',
    '(?:country|place) ?of ?birth|birth ?(?:country|place)|birthplace',
    '(?:immigration|visa) ?status',
    'staatsangehörigkeit|nationalité|nacionalidad|nazionalit[aà]|geburtsort',
  ],
})

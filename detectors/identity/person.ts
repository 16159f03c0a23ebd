import type { Detector } from '../detector.ts'
import { keysEndingWith, namedValue } from '../named-value.ts'

/** Who, in front of `name`, is a person. */
const PERSONS =
  'customer|patient|employee|contact|recipient|sender|beneficiary|payee|payer|passenger|guest|applicant|insured|policy ?holder|subscriber|student|teacher|doctor|physician|member|person|buyer|purchaser|borrower|spouse|child|parent|mother|father|billing|shipping|cardholder|card ?holder|account ?holder|staff|visitor|driver|candidate|next of kin|emergency contact'

export const personName: Detector = namedValue({
  name: 'person_name',
  title: 'Name of a person',
  group: 'identity',
  finds:
    'The whole value under keys that name a first, last, middle, maiden or full name, the holder of a card or an account, or the name of a customer, patient, employee and so on.',
  misses:
    'Names in texts: they have no shape. Keys that name no person (`host.name`, `service.name`, `file_name`), `name` and `display_name` alone, and names of accounts (`user.name`, `username`). The full name of something that is no person is found where its key says only that.',
  keys: [
    keysEndingWith(
      '(?:first|given|last|family|middle|maiden|birth|legal|christian|preferred) ?names?',
      '(?:sur|fore) ?names?',
      '(?:first|last) name (?:kana|kanji|latin)',
      '(?:card|account|policy) ?holder',
      `(?:${PERSONS}) ?(?:full )?name`,
      '(?:user|customer|patient|employee|contact|member|owner|person|account|profile) full ?name',
      'real ?name|name on card|mothers? maiden ?name',
      'vorname|nachname|familienname|geburtsname|kundenname|patientenname|karteninhaber|kontoinhaber',
      'pr[eé]nom|nom ?(?:de ?famille|complet|de naissance)|titulaire',
      'nombres? ?completo|nombre ?de ?pila|(?:primer |segundo )?apellidos?|titular',
      'cognome|nome ?(?:completo|di battesimo)|sobrenome|intestatario',
      'voornaam|achternaam|imi[eę]|nazwisko|etunimi|sukunimi|f[oö]rnamn|efternamn|fornavn|etternavn',
      '姓名|氏名|名前|성명',
    ),
    '^full ?name$',
  ],
  lowEntropy: false,
  examples: ['Jane Doe', '王小明'],
})

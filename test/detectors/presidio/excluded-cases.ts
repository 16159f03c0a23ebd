/**
 * Cases that are not counted, by recognizer and the text of the match (or the whole text, where nothing is expected),
 * each with the reason.
 */
export const EXCLUDED_CASES: Readonly<Record<string, string>> = {
  'CreditCardRecognizer 122000000000003': 'UATP numbers begin with 1, as times in microseconds do',
  'IpRecognizer ::': 'the unspecified address names nobody, and `::` stands in every C++ and Rust log',
  'IpRecognizer ::/128': 'the same',
  'DateRecognizer 21-May': 'a date of birth has a year',
  'DateRecognizer May-21': 'the same',
  'DateRecognizer 05/21': 'the same',
  'DateRecognizer 5/21': 'the same',
  'DateRecognizer 5/2021': 'a date of birth has a day',
  'DateRecognizer 2024-06-05T09:15:30.500-07:00': 'an instant within a text is when something happened, not a birth',
  'DateRecognizer 2024-12-31T23:59:59+00:00': 'the same',
  'DateRecognizer 2024-03-15T14:30:00-05:00': 'the same',
  'DateRecognizer 2024-03-15T14:30:00Z': 'the same',
  'DeVatIdRecognizer DE987654321':
    'its check digit is wrong; Presidio itself expects both that it is found and that not',
  'ItFiscalCodeRecognizer AAAAAA00B11C333N': 'its check character is wrong; Presidio keeps it with a low score',
  'ItVatCodeRecognizer 01333550_323': 'nobody prints an underscore in it',
  'SePersonnummerRecognizer 199003052397': 'it stands inside a word (`code is199003052397`)',
  'SgFinRecognizer B1234567Z': 'no number begins with B; Presidio gives it a score below 0.3',
}

/**
 * Recognizers that have no counterpart, each with the reason.
 *
 * What Presidio finds by a model of language (names, nationalities, medical terms) has no cases in its file: with us the
 * name of a field decides.
 */
export const EXCLUDED_RECOGNIZERS: Readonly<Record<string, string>> = {
  UrlRecognizer: 'a URL is no personal data; what is secret in one is found by detectors of its own',
  DeFuehrerscheinRecognizer: 'the driving licences of the catalogue are those of the US, Great Britain and Korea',
  ItDriverLicenseRecognizer: 'the same',
  ItIdentityCardRecognizer: 'seven digits and two letters without a check digit; its cards have no detector',
}

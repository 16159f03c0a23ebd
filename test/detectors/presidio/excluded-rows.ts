/** Recognizers that have no counterpart, each with the reason. */
export const EXCLUDED_RECOGNIZERS: Readonly<Record<string, string>> = {
  UrlRecognizer: 'a URL is no personal data; what is secret in one is found by detectors of its own',
}

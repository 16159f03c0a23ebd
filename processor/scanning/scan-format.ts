/** What lines of an input are: an object, a request or a text each. */
export type ScanFormat = 'json-lines' | 'otlp-json' | 'text'

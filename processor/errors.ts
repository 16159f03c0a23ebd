/**
 * Every error that Fieldseal reports, as data: whether trying again can help, the exit code of the command line
 * (sysexits.h), and what to do. `docs/reference/errors.md` is generated from this table.
 */
export const ERRORS = {
  FIELDSEAL_USAGE: { retryable: false, exit: 64, hint: 'Run the command with --help.' },
  FIELDSEAL_INPUT_MALFORMED: {
    retryable: false,
    exit: 65,
    hint: 'The input is not of the stated format; look at --format and at the record that the message names.',
  },
  FIELDSEAL_INPUT_TOO_DEEP: {
    retryable: false,
    exit: 65,
    hint: 'The record is nested deeper than limits.depth; raise the limit or mend the sender.',
  },
  FIELDSEAL_INPUT_TOO_LARGE: {
    retryable: false,
    exit: 65,
    hint: 'The record or batch is over a limit of the configuration (limits.record, limits.batch); raise the limit or send less at a time.',
  },
  FIELDSEAL_CONFIG_UNREADABLE: { retryable: false, exit: 78, hint: 'Check that the file exists and can be read.' },
  FIELDSEAL_CONFIG_INVALID: { retryable: false, exit: 78, hint: 'Mend each place that the message lists.' },
  FIELDSEAL_RECIPIENT_INVALID: {
    retryable: false,
    exit: 78,
    hint: 'A recipient is a public key: P-256, X25519, or RSA of at least 2048 bits, as JWK, JWKS or PEM.',
  },
  FIELDSEAL_RECIPIENT_EXPIRED: {
    retryable: true,
    exit: 78,
    hint: 'Nothing was let through. Give the recipient a new key, or its key a later date (recipients.<name>.expires), and reload.',
  },
  FIELDSEAL_KEY_INVALID: {
    retryable: false,
    exit: 78,
    hint: 'A key for opening is a private JWK: P-256, X25519, or RSA of at least 2048 bits.',
  },
  FIELDSEAL_KEY_EXISTS: {
    retryable: false,
    exit: 64,
    hint: 'Choose another name; an existing key is never overwritten.',
  },
  FIELDSEAL_PATTERN_INVALID: {
    retryable: false,
    exit: 78,
    hint: 'Patterns are RE2: no look-around, no back-references, and no match of the empty string.',
  },
  FIELDSEAL_PATTERN_ENGINE_MISSING: {
    retryable: false,
    exit: 69,
    hint: 'It is compiled on installation, for one version of Node. Run "npm rebuild re2" with the Node that runs the program; where npm holds install scripts back, first "npm approve-scripts re2" (pnpm: "pnpm approve-builds").',
  },
  FIELDSEAL_DETECTION_FAILED: {
    retryable: true,
    exit: 70,
    hint: 'Nothing was let through. If it repeats, raise the memory of the pattern engine or split the pattern.',
  },
  FIELDSEAL_SEAL_FAILED: {
    retryable: true,
    exit: 70,
    hint: 'Nothing was let through. The cipher or the random generator failed its check; see the log of the system.',
  },
  FIELDSEAL_VALUE_TOO_LARGE: {
    retryable: false,
    exit: 65,
    hint: 'A value to be sealed is over limits.value; raise the limit, or drop the value by a rule.',
  },
  FIELDSEAL_LEAK_REFUSED: {
    retryable: false,
    exit: 65,
    hint: 'Add a rule for what the metric fieldseal.leak.findings shows, or set leak_scan.inline to report or seal.',
  },
  FIELDSEAL_OPEN_FAILED: { retryable: false, exit: 65, hint: 'The value was not sealed for this key, or was altered.' },
  FIELDSEAL_OUTPUT_FAILED: {
    retryable: true,
    exit: 69,
    hint: 'The output could not be written; what was not written is not lost from the input.',
  },
  FIELDSEAL_OUTPUT_CLOSED: {
    retryable: false,
    exit: 74,
    hint: 'Whoever read the standard output of the service has ended. The service stops; start both again.',
  },
  FIELDSEAL_REQUEST_INVALID: {
    retryable: false,
    exit: 65,
    hint: 'Send OTLP logs over HTTP/1.1: POST /v1/logs, Content-Type application/x-protobuf or application/json, Content-Encoding gzip, zstd or none; over gRPC: LogsService/Export, grpc-encoding gzip, deflate or none.',
  },
  FIELDSEAL_UNAUTHENTICATED: {
    retryable: false,
    exit: 77,
    hint: 'Send a bearer token, or a client certificate, that the source is configured with; over Fluent Forward: know its shared key, and be one of its users.',
  },
  FIELDSEAL_BUSY: {
    retryable: true,
    exit: 69,
    hint: 'Too many bytes are under way. Send again later; if it lasts, raise service.in_flight, add workers, or look at the sinks.',
  },
  FIELDSEAL_DRAINING: { retryable: true, exit: 69, hint: 'The service is stopping. Send again, to another instance.' },
  FIELDSEAL_SINK_UNAVAILABLE: {
    retryable: true,
    exit: 69,
    hint: 'The sink that the message names did not take the batch; see that its backend runs and lets the service in.',
  },
  FIELDSEAL_SINK_REFUSED: {
    retryable: false,
    exit: 69,
    hint: 'The backend of the sink that the message names will not take this batch, however often it is sent.',
  },
  FIELDSEAL_SOURCE_FAILED: {
    retryable: true,
    exit: 66,
    hint: 'What the source reads cannot be read to its end; what was read is passed on.',
  },
  FIELDSEAL_POSITIONS_FAILED: {
    retryable: true,
    exit: 73,
    hint: 'See that the folder of the position file is there and can be written, and that each source has a file of its own. Without its positions a source begins anew: lines may come twice.',
  },
  FIELDSEAL_LISTEN_FAILED: {
    retryable: false,
    exit: 69,
    hint: 'Choose another address, or end the process that has it.',
  },
  FIELDSEAL_TLS_INVALID: {
    retryable: false,
    exit: 78,
    hint: 'A certificate (chain) and its private key are PEM files that belong together; a CA is a PEM file of certificates.',
  },
  FIELDSEAL_INSPECTABLE: {
    retryable: false,
    exit: 78,
    hint: 'Start the service without the option of Node that the message names: it could show what is in memory.',
  },
  FIELDSEAL_MISPLACED: {
    retryable: false,
    exit: 78,
    hint: 'Put it where the message says: what leaves by a way that goes around it is not sealed.',
  },
  FIELDSEAL_PEER_MISSING: {
    retryable: false,
    exit: 69,
    hint: 'Install the package that the message names, in the program that has this one.',
  },
  FIELDSEAL_INTERNAL: {
    retryable: false,
    exit: 70,
    hint: 'This is a fault of Fieldseal: please report the code and the version.',
  },
} as const satisfies Record<`FIELDSEAL_${string}`, { retryable: boolean; exit: number; hint: string }>

export type ErrorCode = keyof typeof ERRORS

/** Where in the input an error lies. Numbers only: never a value, never a key. */
export interface ErrorPlace {
  /** Number of the record, line or request within the input, from 0. */
  readonly record?: number
  /** Byte offset within the input. */
  readonly offset?: number
}

/**
 * The one error class. `message` is written by us: it holds no value of a record and no text of another library.
 * There is no `cause`, since causes are printed.
 */
export class FieldsealError extends Error {
  override readonly name = 'FieldsealError'
  readonly code: ErrorCode
  readonly place: ErrorPlace

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    super(message)
    this.code = code
    this.place = place
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable
  }

  get exit(): number {
    return ERRORS[this.code].exit
  }

  get hint(): string {
    return ERRORS[this.code].hint
  }
}

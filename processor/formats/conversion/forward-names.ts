/** Names in Fluent Forward's metadata and groups, as fluent-bit has them. */
export const NAME = {
  /** Of an entry's metadata: the fields of an OTLP record. */
  OTLP: 'otlp',
  TIMESTAMP: 'timestamp',
  OBSERVED_TIMESTAMP: 'observed_timestamp',
  SEVERITY_NUMBER: 'severity_number',
  SEVERITY_TEXT: 'severity_text',
  ATTRIBUTES: 'attributes',
  TRACE_ID: 'trace_id',
  SPAN_ID: 'span_id',
  TRACE_FLAGS: 'trace_flags',
  EVENT_NAME: 'event_name',
  DROPPED_ATTRIBUTES: 'dropped_attributes_count',
  /** Of a group. */
  SCHEMA: 'schema',
  RESOURCE_ID: 'resource_id',
  SCOPE_ID: 'scope_id',
  RESOURCE: 'resource',
  SCOPE: 'scope',
  SCHEMA_URL: 'schema_url',
  SCOPE_NAME: 'name',
  VERSION: 'version',
  /** The only pair of a record whose body is no map. */
  LOG: 'log',
} as const

/** Seconds of an EventTime that is no time: a group begins, or ends. */
export const GROUP_START = 0xffff_ffff
export const GROUP_END = 0xffff_fffe

/** The attribute that a tag becomes (OpenTelemetry Collector, fluentforwardreceiver). */
export const TAG_ATTRIBUTE = 'fluent.tag'
/** The attribute that an entry's metadata becomes, but for what is OTLP's. */
export const METADATA_ATTRIBUTE = 'fluent.metadata'

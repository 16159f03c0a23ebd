import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import type { LogRecordOutput } from '../../formats/object/log-record.ts'
import { resourceOf } from './resource.ts'

type Attributes = ReadWriteLogRecord['attributes']
type AnyValue = Attributes[string]
type Time = ReadWriteLogRecord['hrTime']

const UNKNOWN_TIME: Time = [0, 0]

/**
 * A log record that was sealed: a copy that has nothing of the SDK's own record, and its interface in full.
 *
 * There are no limits: a sealed value that was cut short could not be opened. Fields that are not of their type are left
 * out, since exporters could not write them.
 */
export class SealedLogRecord implements ReadWriteLogRecord {
  hrTime: Time
  hrTimeObserved: Time
  readonly resource: ReadWriteLogRecord['resource']
  readonly instrumentationScope: ReadWriteLogRecord['instrumentationScope']
  readonly attributes: Attributes
  droppedAttributesCount: number
  spanContext?: NonNullable<ReadWriteLogRecord['spanContext']>
  severityText?: string
  severityNumber?: NonNullable<ReadWriteLogRecord['severityNumber']>
  body?: AnyValue
  eventName?: string

  constructor(output: LogRecordOutput) {
    this.hrTime = output.hrTime ?? UNKNOWN_TIME
    this.hrTimeObserved = output.hrTimeObserved ?? UNKNOWN_TIME
    this.resource = resourceOf(output.resource)
    this.instrumentationScope = output.instrumentationScope as ReadWriteLogRecord['instrumentationScope']
    this.attributes = output.attributes as Attributes
    this.droppedAttributesCount = output.droppedAttributesCount
    if (output.spanContext !== undefined) this.spanContext = output.spanContext
    if (typeof output.severityText === 'string') this.severityText = output.severityText
    if (typeof output.severityNumber === 'number') this.severityNumber = output.severityNumber
    if (output.body !== undefined) this.body = output.body as AnyValue
    if (typeof output.eventName === 'string') this.eventName = output.eventName
  }

  /** What is set here goes out as it is: it is behind the sealing. `undefined` takes the attribute away. */
  setAttribute(key: string, value?: AnyValue): this {
    if (value === undefined) delete this.attributes[key]
    else this.attributes[key] = value
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value)
    return this
  }

  setBody(body: AnyValue): this {
    this.body = body
    return this
  }

  setEventName(eventName: string): this {
    this.eventName = eventName
    return this
  }

  setSeverityNumber(severityNumber: NonNullable<ReadWriteLogRecord['severityNumber']>): this {
    this.severityNumber = severityNumber
    return this
  }

  setSeverityText(severityText: string): this {
    this.severityText = severityText
    return this
  }
}

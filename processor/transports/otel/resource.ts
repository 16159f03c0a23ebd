import type { Attributes } from '@opentelemetry/api'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { LogRecordOutput } from '../../formats/object/log-record.ts'

type Resource = ReadableLogRecord['resource']
type RawAttributes = ReturnType<Resource['getRawAttributes']>

/**
 * A resource that holds what was looked through, and knows nothing of the one that it was made from.
 *
 * It is the SDK's interface in full, so that exporters of any kind can take it for one of theirs.
 */
export class SealedResource implements Resource {
  readonly attributes: Attributes
  readonly asyncAttributesPending = false
  readonly schemaUrl?: string

  constructor(attributes: Attributes, schemaUrl: string | undefined) {
    this.attributes = attributes
    if (schemaUrl !== undefined) this.schemaUrl = schemaUrl
  }

  async waitForAsyncAttributes(): Promise<void> {}

  getRawAttributes(): RawAttributes {
    return Object.entries(this.attributes)
  }

  /**
   * As the SDK merges: attributes of the other one go first. Of two schema URLs that differ none is right.
   *
   * What comes from the other one has not been sealed.
   */
  merge(other: Resource | null): Resource {
    if (other === null) return this
    const ownUrl = this.schemaUrl || other.schemaUrl
    const schemaUrl = ownUrl === (other.schemaUrl || ownUrl) ? ownUrl : undefined
    return new SealedResource({ ...this.attributes, ...other.attributes }, schemaUrl)
  }
}

const resources = new WeakMap<LogRecordOutput['resource'], SealedResource>()

/** One for each that the engine gives: exporters group records by the identity of their resource. */
export function resourceOf(output: LogRecordOutput['resource']): SealedResource {
  let resource = resources.get(output)
  if (resource === undefined) {
    resource = new SealedResource(output.attributes as Attributes, output.schemaUrl)
    resources.set(output, resource)
  }
  return resource
}

/** Whether a record comes before all of its resource is known. */
export function isPending(record: ReadableLogRecord): boolean {
  try {
    return record.resource.asyncAttributesPending === true && record.resource.waitForAsyncAttributes !== undefined
  } catch {
    return false
  }
}

/** Waits until the resource of a record is known. By contract it never rejects; if it does, what is there is sealed. */
export async function settled(record: ReadableLogRecord): Promise<void> {
  try {
    await record.resource.waitForAsyncAttributes?.()
  } catch {
    // Nothing of it is passed on that was not looked through, whatever is there.
  }
}

import { checkMaskedBatch } from '../checks/masked-batch.ts'
import { type AnyValue, type DecodedRequest, type KeyValue, requestType } from '../checks/otlp-messages.ts'
import type { Subject } from '../measure.ts'
import { batchesOf, inTurn, perBatch } from './batches.ts'
import type { MaskingCell } from './cell.ts'
import { ruleExpressions } from './regular-expressions.ts'

const MASK = '****'

/**
 * What people write today: decode the request with protobufjs (which generates code for it), run one RegExp per rule
 * over each string value, mask, encode.
 */
export function prepareMasking(cell: MaskingCell): Subject {
  const expressions = ruleExpressions(cell.rules)
  const batches = batchesOf(cell.workload, cell.percent)

  const maskValue = (value: AnyValue | undefined): void => {
    if (value?.stringValue === undefined || value.stringValue === '') return
    let text = value.stringValue
    for (const { test, replace } of expressions) {
      if (!cell.testsFirst || test.test(text)) text = text.replace(replace, MASK)
    }
    value.stringValue = text
  }
  const maskAttributes = (attributes: KeyValue[] | undefined): void => {
    for (const { value } of attributes ?? []) maskValue(value)
  }
  const maskRequest = (bytes: Uint8Array): Uint8Array => {
    const message = requestType.decode(bytes)
    const request = message as unknown as DecodedRequest
    for (const { resource, scopeLogs } of request.resourceLogs) {
      maskAttributes(resource?.attributes)
      for (const { scope, logRecords } of scopeLogs) {
        maskAttributes(scope?.attributes)
        for (const { body, attributes } of logRecords ?? []) {
          maskValue(body)
          maskAttributes(attributes)
        }
      }
    }
    return requestType.encode(message).finish()
  }

  return {
    work: inTurn(batches, ({ bytes }) => maskRequest(bytes)),
    perWork: perBatch(batches),
    check: () => batches.flatMap((batch) => checkMaskedBatch(batch, maskRequest(batch.bytes))),
  }
}

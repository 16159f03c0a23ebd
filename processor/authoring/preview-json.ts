import type { ShownChange } from './preview.ts'
import type { PreviewSummary } from './preview-text.ts'
import { actionOf } from './rule-action.ts'

/** The end of a preview as data: what `summaryText` says in words. */
export function summaryJson({ rules, tally, warnings, hasRealKeys }: PreviewSummary): object {
  const { records, changedRecords, bytesBefore, bytesAfter } = tally
  return {
    records,
    changed_records: changedRecords,
    bytes_before: bytesBefore,
    bytes_after: bytesAfter,
    sizes_are_of_own_keys: hasRealKeys,
    rules: rules.map((rule) => {
      const { acted, audited, excepted, unmet, weaker, done } = tally.rules.get(rule.id)!
      const counts = { acted, audited, excepted, weaker }
      const named = Object.entries(counts).map(([name, map]) => [name, Object.fromEntries(map)])
      return { rule: rule.id, action: actionOf(rule), mode: rule.mode, ...Object.fromEntries(named), unmet, done }
    }),
    warnings,
  }
}

/** A changed record as data. */
export function changeJson({ of, line, recordOfRequest, values }: ShownChange): object {
  return {
    line,
    ...(recordOfRequest === undefined ? {} : { record: recordOfRequest }),
    of,
    values: values.map(({ path, before, after }) => ({
      path,
      before: before.map(({ text }) => text).join(''),
      matched: before.filter(({ marked }) => marked).map(({ text }) => text),
      after: after === undefined ? null : after.pieces.map(({ text }) => text).join(''),
      ...(after === undefined || after.path === path ? {} : { becomes: after.path }),
    })),
  }
}

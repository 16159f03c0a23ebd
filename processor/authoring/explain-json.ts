import type { ExplainedRecord } from './explain-records.ts'

/** An explanation as data: one object for each record, resource or scope. */
export function explanationJson({ of, line, recordOfRequest, values, misses }: ExplainedRecord): object {
  const matches = values.flatMap(({ path, matches: own }) =>
    own.map(({ match, recipients, because, outcome }) => ({
      path,
      text: match.text ?? null,
      in_name: match.onKey,
      rule: match.rule,
      action: match.action,
      kind: match.kind,
      detector: match.detector ?? null,
      activation: match.activation ?? null,
      opened_by: match.opened ?? null,
      verdict: match.verdict,
      recipients,
      because,
      outcome,
    })),
  )
  return {
    line,
    ...(recordOfRequest === undefined ? {} : { record: recordOfRequest }),
    of,
    matches,
    misses,
  }
}

/**
 * The names of metrics that a query of PromQL asks for, and the labels that it compares or groups by.
 *
 * It knows what queries of ours are made of, not all of PromQL: every word that is no function, keyword, label or number is a
 * metric, so that what it does not know is reported rather than missed.
 */
export interface QueryNames {
  readonly metrics: ReadonlySet<string>
  readonly labels: ReadonlySet<string>
}

const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'offset',
  'bool',
  'group_left',
  'group_right',
  'inf',
  'nan',
  'start',
  'end',
])
/** A list of labels follows. */
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/gi
const MATCHERS = /\{((?:[^}"]|"(?:[^"\\]|\\.)*")*)\}/g
const MATCHER = /([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"/g

export function namesIn(query: string): QueryNames {
  const labels = new Set<string>()
  const rest = query
    .replaceAll(MATCHERS, (_whole, matchers: string) => {
      for (const [, label] of matchers.matchAll(MATCHER)) labels.add(label!)
      return ' '
    })
    .replaceAll(GROUPING, (_whole, list: string) => {
      for (const label of list.split(',')) if (label.trim() !== '') labels.add(label.trim())
      return ' '
    })
    // Ranges, and Grafana's variables in them.
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, ' ')
    // Durations and numbers.
    .replaceAll(/(?<![\w:])\d[\w.]*/g, ' ')
  const metrics = new Set<string>()
  for (const match of rest.matchAll(/[a-zA-Z_:][\w:]*/g)) {
    const isFunction = /^\s*\(/.test(rest.slice(match.index + match[0].length))
    if (!isFunction && !KEYWORDS.has(match[0].toLowerCase()) && !AGGREGATIONS.has(match[0])) metrics.add(match[0])
  }
  return { metrics, labels }
}

/** Their list of labels has gone, and with it the bracket that follows, or not. */
const AGGREGATIONS = new Set(['sum', 'min', 'max', 'avg', 'count', 'group', 'topk', 'bottomk'])

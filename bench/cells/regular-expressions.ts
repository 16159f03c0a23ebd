import type { RuleCount } from './cell.ts'
import { listOf, ruleSet } from './rule-sets.ts'

/** What people use for each detector where there is no validator: common expressions, in JavaScript. */
const DETECTOR_EXPRESSIONS: Record<string, string> = {
  email: String.raw`\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b`,
  payment_card: String.raw`\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|3[47]\d{2}|6(?:011|5\d{2}))[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{3,4})?\b`,
  iban: String.raw`\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b`,
  us_ssn: String.raw`\b\d{3}-\d{2}-\d{4}\b`,
  phone_e164: String.raw`\+[1-9]\d{0,2}(?:[ .-]?\d{2,4}){2,5}\b`,
  ipv4: String.raw`\b(?:\d{1,3}\.){3}\d{1,3}\b`,
  ipv6: String.raw`\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b`,
  jwt: String.raw`\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}`,
  private_key: String.raw`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?-----END (?:[A-Z]+ )*PRIVATE KEY-----`,
  aws_access_key_id: String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
  url_credentials: String.raw`\b[a-z][a-z0-9+.-]*:\/\/[^\s:@\/]+:[^\s:@\/]+@`,
}

/** One rule in JavaScript: the expression that replaces, and the same without `g`, for those who test first. */
export interface RuleExpression {
  readonly test: RegExp
  readonly replace: RegExp
}

/** The rule set of that size, compiled, one expression for each rule. The own patterns are the same in both syntaxes. */
export function ruleExpressions(count: RuleCount): RuleExpression[] {
  return ruleSet(count).map((rule) => {
    const detectors = listOf(rule.detect).map((name) => {
      const source = DETECTOR_EXPRESSIONS[name]
      if (source === undefined) throw new Error(`no RegExp for the detector ${name}`)
      return source
    })
    const source = [...detectors, ...listOf(rule.pattern)].join('|')
    return { test: new RegExp(source), replace: new RegExp(source, 'g') }
  })
}

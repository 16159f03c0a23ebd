import { joinedBefore } from '../boundary.ts'
import type { Detector } from '../detector.ts'

const NAME = "[0-9A-Za-z!#$%&'*+.^_`|~-]+"
const VALUE = '[!#-+\\--:<-\\[\\]-~]'

/** Attributes of Set-Cookie, which are no cookies (RFC 6265, section 4.1.1). */
const ATTRIBUTE =
  /^(?:expires|max-age|domain|path|secure|httponly|samesite|partitioned|priority|comment|version)(?:=|$)/i

/** The header's own name, where it is written as a pair: `cookie=sid=1`. */
const HEADER_NAME = /^(?:set-)?cookie=(?=[^;=]+=)/i

/** The header's name behind a pair: `level=info msg="cookie rejected"`. */
const NAME_BEHIND = /^[^0-9A-Za-z]{1,5}(?:[a-z]{1,8}=["'])?(?:set-)?cookie/i
const NAME_BEFORE = /cookies?[^0-9A-Za-z]{1,5}$/i

const WINDOW_BYTES = 24

export const httpCookie: Detector = {
  name: 'http_cookie',
  title: 'HTTP cookies',
  group: 'network',
  activation: 'gated',
  finds:
    'The pairs of a Cookie header, and the first pair of a Set-Cookie header without its attributes (RFC 6265), under such a key or right behind the name of the header.',
  misses: 'Cookies that were taken apart, and pairs behind a quoted value or a value with spaces.',
  patterns: [`\\b${NAME}=${VALUE}+(?:;[ +]?${NAME}(?:=${VALUE}*)?){0,100}`],
  gate: { words: ['cookie', 'set cookie', 'cookies'], within: 5 },
  lowEntropy: false,
  examples: ['Cookie: sid=made-up-session; theme=dark'],
  confirm(text, candidate) {
    // `Age=3600` is the tail of an attribute.
    if (joinedBefore(text, candidate.start)) return undefined
    const taken = text.slice(candidate.start, candidate.end)
    const skipped = HEADER_NAME.exec(taken)?.[0].length ?? 0
    const start = candidate.start + skipped
    let end = start
    for (const pair of taken.slice(skipped).split(/(?<=;)/)) {
      const name = pair.trim().replace(/;$/, '')
      if (ATTRIBUTE.test(name) || !name.includes('=')) break
      end += pair.length
    }
    // Programs print lists of headers in single quotes, which a value may hold as well.
    if (text[start - 1] === "'" && text.slice(start, end).includes("'")) end = text.indexOf("'", start)
    while (end > start && /[; ]/.test(text[end - 1]!)) end -= 1
    if (end === start || isBesideNext(text, start, end)) return undefined
    return { start, end }
  },
  normalise: (match) => match,
}

/** True where the only name of the header stands behind: what comes before it is no cookie. */
function isBesideNext(text: string, start: number, end: number): boolean {
  if (!NAME_BEHIND.test(text.slice(end, end + WINDOW_BYTES))) return false
  return !NAME_BEFORE.test(text.slice(Math.max(0, start - WINDOW_BYTES), start))
}

import { afterEscape, LEFT_EDGE, wordBefore } from '../boundary.ts'
import type { Detector } from '../detector.ts'

/** Programs that fetch, by the names that they give themselves. */
const PRODUCTS =
  'Mozilla|Opera|Dalvik|curl|Wget|okhttp|PostmanRuntime|python-requests|python-httpx|Python-urllib|aiohttp|Go-http-client|axios|node-fetch|undici|Java|Apache-HttpClient|CFNetwork|Darwin|libwww-perl|GuzzleHttp|HTTPie|Googlebot|bingbot|kube-probe|Prometheus|Ruby|Faraday|RestSharp|Insomnia|k6'

const VERSION = '/[0-9][0-9A-Za-z._-]*'
const COMMENT = String.raw`\([^()\n"]+\)`
const NEXT = `(?: (?:[A-Za-z][0-9A-Za-z._-]*(?:${VERSION})?|${COMMENT})){0,24}`

export const userAgent: Detector = {
  name: 'user_agent',
  title: 'User agent',
  group: 'network',
  activation: 'off',
  finds:
    'What browsers and well-known clients say of themselves: a product with its version, further products and comments (RFC 9110, section 10.1.5).',
  misses: 'Clients of other names. Words that follow without a quote may be taken along.',
  patterns: [`${LEFT_EDGE}(?:${PRODUCTS})${VERSION}(?: ${COMMENT})?${NEXT}`],
  lowEntropy: true,
  examples: ['"Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    if (candidate.end <= start || wordBefore(text, start)) return undefined
    const match = KEPT.exec(text.slice(start, candidate.end))
    return match === null ? undefined : { start, end: start + match[0].length }
  },
  normalise: (match) => match,
}

/** Up to the last version or comment: words behind it are those of the log. */
const KEPT = new RegExp(`^[A-Za-z0-9-]+${VERSION}(?:.*(?:${VERSION}|\\)))?`)

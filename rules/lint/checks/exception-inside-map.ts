import { type PathPattern, type PathStep, parsePath, pathMatches, showPath } from '../../path.ts'
import { type LintCheck, onRule } from '../check.ts'
import { WHOLE } from '../claims.ts'
import { listOf } from '../list-of.ts'
import { placesOf } from '../overlap.ts'
import { findSteps } from '../path-language.ts'
import type { LintRule } from '../subject.ts'

export const exceptionInsideMap: LintCheck = {
  code: 'exception-inside-map',
  severity: 'warning',
  title: 'An exception for a part of a map that the rule takes whole',
  explanation:
    'A rule without detectors and patterns takes whole values, and a map is one: attributes.user.** names the map user itself, and what stands in it. Where a record has user: {email: …}, the map is sealed or dropped as one piece, with the part that the exception was to keep; where it has the key user.email, the exception holds. Nothing is lost, but the exception does less than it says.',
  hint: 'Except the map as well, as in [attributes.user, attributes.user.email]: the rule then takes what else stands in it piece by piece.',
  wrong: `rules:
  - id: users
    path: ['attributes.user.**']
    seal: {to: [default]}
    except:
      - {name: roles, path: attributes.user.role, reason: no personal data, owner: identity, expires: 2027-06-30}
`,
  right: `rules:
  - id: users
    path: ['attributes.user.**']
    seal: {to: [default]}
    except:
      - name: roles
        path: [attributes.user, attributes.user.role]
        reason: no personal data
        owner: identity
        expires: 2027-06-30
`,
  find: ({ rules }) =>
    rules.filter(takesMaps).flatMap((rule) =>
      (rule.rule.except ?? []).flatMap(({ path }, at) =>
        listOf(path).flatMap((source, position) => {
          const map = mapAround(source, rule)
          if (map === undefined) return []
          return onRule(rule.index, ['except', at, 'path', position], `where ${map} is a map, the rule takes it whole`)
        }),
      ),
    ),
}

/** Hash and mask come down from maps to the values in them. */
function takesMaps({ isSound, action, claims }: LintRule): boolean {
  return isSound && (action.name === 'seal' || action.name === 'drop') && claims.some(({ what }) => what === WHOLE)
}

/** A map that the rule takes whole with a place in it that the exception names. */
function mapAround(source: string, rule: LintRule): string | undefined {
  const path = parsePath(source)
  if (typeof path === 'string') return undefined
  const steps = findSteps({ within: [placesOf(rule), [path], INSIDE_MAPS] })
  if (steps === undefined || steps === 'undecided') return undefined
  const maps = steps.map((_, length) => steps.slice(0, length)).filter((map) => isValue(map) && isTaken(map, rule))
  return maps.length === 0 ? undefined : showPath(maps[0]!)
}

function isTaken(map: readonly PathStep[], rule: LintRule): boolean {
  const last = map.findLast((step) => step.kind === 'key')
  return (
    placesOf(rule).some((path) => pathMatches(path, map)) &&
    !rule.exceptedPaths.some((path) => pathMatches(path, map)) &&
    rule.claims.some(
      ({ what, keys }) => what === WHOLE && keys.every((key) => last !== undefined && key.matches(last.key)),
    )
  )
}

/** Of the roots only a body is a value. */
function isValue(steps: readonly PathStep[]): boolean {
  const [root] = steps
  return steps.length > 1 || (root?.kind === 'key' && root.key === 'body')
}

const INSIDE_MAPS: readonly PathPattern[] = ['body.*.**', 'attributes.*.*.**', 'resource.*.*.**', 'scope.*.*.**'].map(
  (source) => parsePath(source) as PathPattern,
)

import { sealSettings } from '../compose.ts'
import { compileLoadedRules } from '../config/compile.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Match } from '../engine/explain.ts'
import { type ExplainingEngine, engineOf } from '../engine.ts'
import { type Arrived, arrivedIn } from './arrived.ts'
import { isInTheClear } from './in-the-clear.ts'
import { ID_ATTRIBUTE, type Planted, requestOf } from './planted.ts'

/** One value that has to be sealed. */
export interface ExpectedSeal {
  readonly text: string
  readonly kids: readonly string[]
  readonly rule: string
  readonly path: string
}

/** What has to become of a record that is sent. */
export interface Expected {
  readonly planted: Planted
  readonly seals: readonly ExpectedSeal[]
  /** Values that must not be there in the clear, whatever the rules do with them. */
  readonly hidden: readonly string[]
}

/** What the service has to do with each record: the same configuration, and an engine of its own, say it. */
export interface Expectation {
  /** Those on which a rule acts. */
  readonly expected: readonly Expected[]
  /** Whether no rule acts on the record of this id. */
  readonly isLeftAlone: (id: string) => boolean
}

/** An engine of the configuration, which only says what it would do. Whoever has it closes it. */
export function expectingEngine(loaded: LoadedConfig): ExplainingEngine {
  return engineOf(compileLoadedRules(loaded), loaded.recipients, loaded.groups, sealSettings(loaded))
}

/** What that engine says of the records. */
export function expectationOf(engine: ExplainingEngine, planted: readonly Planted[], run: string): Expectation {
  const { matches, bytes } = engine.explain(requestOf(planted), 'otlp-json', { misses: false })
  const acting = new Map<number, Match[]>()
  for (const match of matches) {
    if (match.verdict.is !== 'acts') continue
    const number = Number(match.owner.slice(match.owner.indexOf(' ') + 1))
    const others = acting.get(number)
    if (others === undefined) acting.set(number, [match])
    else others.push(match)
  }
  const sealed = new Map(arrivedIn(bytes.toString(), run).map((record) => [record.id, record]))
  const expected = planted.flatMap((one, number) => {
    const own = (acting.get(number) ?? []).filter(({ path }) => path !== `attributes.${ID_ATTRIBUTE}`)
    const after = sealed.get(one.id)
    // A leak scan that refuses does not let a record go of which rules seal a part alone.
    return own.length === 0 || after === undefined ? [] : [expectedOf(one, own, after)]
  })
  const ids = new Set(planted.filter((_, number) => !acting.has(number)).map(({ id }) => id))
  return { expected, isLeftAlone: (id) => ids.has(id) }
}

function expectedOf(planted: Planted, matches: readonly Match[], sealed: Arrived): Expected {
  const texts = matches.flatMap((match) => (match.text === undefined ? [] : [{ ...match, text: match.text }]))
  return {
    planted,
    seals: texts
      .filter((match) => match.action === 'seal' && !texts.some((other) => overlap(match, other)))
      .map(({ text, recipients, rule, path }) => ({ text, kids: recipients, rule, path })),
    // What stands elsewhere in the record, where the rules leave it, is there in the clear rightly.
    hidden: [...new Set(texts.map(({ text }) => text))].filter((text) => text !== '' && !isInTheClear(text, sealed)),
  }
}

/** Of two that overlap, one has a part of its text alone, and which is not said. */
function overlap(a: Match, b: Match): boolean {
  if (a === b || a.at.start !== b.at.start || a.span === undefined || b.span === undefined) return false
  return a.span.start < b.span.end && b.span.start < a.span.end
}

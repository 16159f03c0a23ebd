import { sealSettings } from '../../../processor/compose.ts'
import { compileLoadedRules } from '../../../processor/config/compile.ts'
import type { LoadedConfig } from '../../../processor/config/load.ts'
import { RecordSealer } from '../../../processor/engine/seal-records.ts'
import { asBuffer, type Engine } from '../../../processor/engine.ts'
import { FORMATS } from '../../../processor/formats/index.ts'
import { NODE_PRIMITIVES, type Primitives } from '../../../processor/jwe/primitives.ts'
import { Sealer } from '../../../processor/jwe/sealer.ts'
import type { Plan } from '../../../rules/plan.ts'

/** What can be made to fail in a running engine, each for real: the same code, over parts that throw. */
export const FAULTS = ['random', 'cipher', 'key agreement', 'detector', 'plan'] as const
export type Fault = (typeof FAULTS)[number]

/** Which of them fails now; its text is what a careless handler would print. */
export interface Faults {
  current: Fault | undefined
}

/** An engine as the service makes it, whose parts fail as `faults` says. */
export function faultyEngine(loaded: LoadedConfig, faults: Faults, secret: string): Engine {
  const failing = (fault: Fault): void => {
    if (faults.current === fault) throw new Error(`${fault} failed with ${secret}`)
  }
  const primitives: Primitives = {
    ...NODE_PRIMITIVES,
    random: (bytes) => {
      failing('random')
      return NODE_PRIMITIVES.random(bytes)
    },
    encrypt: (...args) => {
      failing('cipher')
      return NODE_PRIMITIVES.encrypt(...args)
    },
    agree: (...args) => {
      failing('key agreement')
      return NODE_PRIMITIVES.agree(...args)
    },
  }
  const settings = sealSettings(loaded)
  const sealer = new Sealer({
    // So that no key drawn before a fault hides it.
    strict: true,
    maxAgeMs: settings.epochMaxAgeMs,
    maxWraps: settings.epochMaxWraps,
    maxValueBytes: settings.limits.value,
    primitives,
  })
  const plan = faultyPlan(compileLoadedRules(loaded), failing)
  const records = new RecordSealer(plan, loaded.recipients, loaded.groups, settings, sealer)
  return {
    seal: (bytes, format) => records.seal(asBuffer(bytes), FORMATS[format]),
    check: () => records.check(),
    close: () => records.close(),
  }
}

/** Its detectors fail, and so does reading its rules. */
function faultyPlan(plan: Plan, failing: (fault: Fault) => void): Plan {
  const detectors = new Proxy(plan.detectors, {
    get(target, property) {
      if (property === 'test' || property === 'find') failing('detector')
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return new Proxy(plan, {
    get(target, property) {
      if (property === 'rules' || property === 'detectors') failing('plan')
      if (property === 'detectors') return detectors
      const value = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

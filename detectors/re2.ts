import { createRequire } from 'node:module'
import type RE2Class from 're2'

/** Why there is no RE2: npm was kept from building it, or from building it for this Node. */
export type RE2Fault = 'absent' | 'not built' | 'built for another Node or machine'

interface Loaded {
  readonly re2: typeof RE2Class
  readonly fault: RE2Fault | undefined
}

/**
 * Loads RE2, which is compiled on installation; package managers increasingly skip that.
 *
 * A static import that fails would fail every import of the package, with an error of Node's module loader that says
 * nothing about the reason. So it is loaded here and nowhere else, and what has no RE2 throws when something is to be
 * matched: whoever makes engines asks for `fault` first, and says what to do.
 */
export function loadRE2(load: () => unknown): Loaded {
  try {
    return { re2: load() as typeof RE2Class, fault: undefined }
  } catch (error) {
    return { re2: absent() as unknown as typeof RE2Class, fault: faultOf(error) }
  }
}

function faultOf(error: unknown): RE2Fault {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  // ERR_DLOPEN_FAILED: another NODE_MODULE_VERSION, another architecture, another libc.
  if (code !== 'MODULE_NOT_FOUND') return 'built for another Node or machine'
  return String(message).includes('re2.node') ? 'not built' : 'absent'
}

/** Stands where RE2 should: it can be imported, and makes no pattern. */
function absent(): unknown {
  const refuse = class {
    constructor() {
      throw new Error('the pattern engine re2 cannot be loaded')
    }
  }
  return Object.assign(refuse, { Set: refuse })
}

const require = createRequire(import.meta.url)
const { re2, fault } = loadRE2(() => require('re2'))

export type RE2 = RE2Class
export const RE2: typeof RE2Class = re2
/** Undefined where RE2 works. */
export const RE2_FAULT: RE2Fault | undefined = fault

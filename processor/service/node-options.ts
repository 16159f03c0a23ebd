import { FieldsealError } from '../errors.ts'

/** Options of Node and V8 that the service may run with, and whether a value follows them. Neither shows anything. */
const HARMLESS: Readonly<Record<string, 'flag' | 'value'>> = {
  // Memory and speed.
  '--expose-gc': 'flag',
  '--max-heap-size': 'value',
  '--max-inlined-bytecode-size-cumulative': 'value',
  '--max-old-space-size': 'value',
  '--max-old-space-size-percentage': 'value',
  '--max-semi-space-size': 'value',
  '--v8-pool-size': 'value',
  // What makes it harder to misuse; the first three are ours.
  '--disable-proto': 'value',
  '--disable-sigusr1': 'flag',
  '--disallow-code-generation-from-strings': 'flag',
  '--enable-fips': 'flag',
  '--force-fips': 'flag',
  '--jitless': 'flag',
  '--secure-heap': 'value',
  '--secure-heap-min': 'value',
  '--zero-fill-buffers': 'flag',
  // TLS and names.
  '--dns-result-order': 'value',
  '--network-family-autoselection': 'flag',
  '--network-family-autoselection-attempt-timeout': 'value',
  '--no-network-family-autoselection': 'flag',
  '--openssl-config': 'value',
  '--openssl-shared-config': 'flag',
  '--tls-cipher-list': 'value',
  '--tls-max-v1.2': 'flag',
  '--tls-max-v1.3': 'flag',
  '--tls-min-v1.2': 'flag',
  '--tls-min-v1.3': 'flag',
  '--use-bundled-ca': 'flag',
  '--use-openssl-ca': 'flag',
  '--use-system-ca': 'flag',
  // Where things are, and what is said of them.
  '--diagnostic-dir': 'value',
  '--disable-warning': 'value',
  '--enable-source-maps': 'flag',
  '--icu-data-dir': 'value',
  '--no-deprecation': 'flag',
  '--no-warnings': 'flag',
  '--preserve-symlinks': 'flag',
  '--preserve-symlinks-main': 'flag',
  '--strip-types': 'flag',
  '--title': 'value',
}

/** Options that run code of others within the service: instrumentation comes that way. */
const FOREIGN: Readonly<Record<string, 'value'>> = { '--import': 'value', '--require': 'value', '-r': 'value' }

/**
 * Variables with which Node writes down what it runs, prints what passes through it (`http` prints headers, hence
 * tokens), or trusts everyone.
 */
const VARIABLES: Readonly<Record<string, (value: string) => boolean>> = {
  NODE_V8_COVERAGE: (value) => value !== '',
  NODE_DEBUG: (value) => value !== '',
  NODE_DEBUG_NATIVE: (value) => value !== '',
  NODE_TLS_REJECT_UNAUTHORIZED: (value) => value === '0',
}

export interface NodeOptions {
  /** All options, those of `NODE_OPTIONS` first: what is given later holds, and Node reads them in this order. */
  readonly options: readonly string[]
  /** Options among them that run code of others. */
  readonly foreign: readonly string[]
}

/**
 * Lets through what is known to show nothing; the options of Node are many, and each version has others.
 *
 * @param execArgv - options before the script.
 * @throws `FIELDSEAL_INSPECTABLE` with the name of the option or variable, never its value.
 */
export function checkNodeOptions(
  execArgv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): NodeOptions {
  for (const [name, refused] of Object.entries(VARIABLES)) {
    if (refused(env[name] ?? '')) refuse(name, 'in the environment')
  }
  const inherited = splitNodeOptions(env.NODE_OPTIONS ?? '')
  const foreign = [...checkOptions(inherited, 'in NODE_OPTIONS'), ...checkOptions(execArgv, 'on the command line')]
  return { options: [...inherited, ...execArgv], foreign }
}

function checkOptions(options: readonly string[], where: string): string[] {
  const foreign: string[] = []
  for (let index = 0; index < options.length; index += 1) {
    const [name, hasValue] = nameOf(options[index]!)
    const isForeign = Object.hasOwn(FOREIGN, name)
    const kind = isForeign ? FOREIGN[name] : Object.hasOwn(HARMLESS, name) ? HARMLESS[name] : undefined
    if (kind === undefined) refuse(name, where)
    if (isForeign) foreign.push(name)
    // What looks like an option is none's value: Node takes `--max-old-space-size --inspect` for two.
    if (kind === 'value' && !hasValue && options[index + 1]?.startsWith('-') === false) index += 1
  }
  return foreign
}

/** Node takes `_` for `-` in names of options. */
function nameOf(option: string): [name: string, hasValue: boolean] {
  const end = option.indexOf('=')
  const name = end < 0 ? option : option.slice(0, end)
  return [name.startsWith('--') ? `--${name.slice(2).replaceAll('_', '-')}` : name, end >= 0]
}

function refuse(name: string, where: string): never {
  const shown = /^-[\w.-]{1,63}$|^[A-Z0-9_]+$/.test(name) ? name : 'an option'
  throw new FieldsealError('FIELDSEAL_INSPECTABLE', `${shown} ${where} is not allowed for the service`)
}

/** Splits as Node does: at spaces; within double quotes a backslash takes the next character as it is. */
export function splitNodeOptions(text: string): string[] {
  const options: string[] = []
  let option: string | undefined
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    let character = text[index]!
    if (character === '"') {
      quoted = !quoted
      continue
    }
    if (character === ' ' && !quoted) {
      if (option !== undefined) options.push(option)
      option = undefined
      continue
    }
    if (character === '\\' && quoted) {
      index += 1
      character = text[index] ?? ''
    }
    option = (option ?? '') + character
  }
  if (option !== undefined) options.push(option)
  return options
}

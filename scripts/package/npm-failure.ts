/** npm has failed; what it wrote to standard error is in `said`. */
export class NpmFailure extends Error {
  readonly said: string

  constructor(said: string) {
    super('npm failed')
    this.name = 'NpmFailure'
    this.said = said
  }
}

/** Codes of npm and of the system where the registry was not reached, or gave no answer of its own. */
const UNREACHED =
  /npm (?:error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|E50[234])\b/

/** No such version of Node itself, or none for this machine: `node` installs the package of the platform. */
const NO_NODE = /No matching version found for (node(?:-[a-z]+-[a-z0-9]+)?@[^\s.]+(?:\.[^\s.]+)*)/

/**
 * Why nothing was shown, where that is nobody's fault here: the registry cannot be reached, or that Node cannot be had.
 * Undefined for any other failure: that one counts.
 */
export function reasonToSkip(said: string): string | undefined {
  const code = UNREACHED.exec(said)?.[1]
  if (code !== undefined) return `the registry of npm cannot be reached (${code})`
  const node = NO_NODE.exec(said)?.[1]
  return node === undefined ? undefined : `the registry of npm has no ${node}`
}

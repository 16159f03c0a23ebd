import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** PEM files of one end: its certificate, and its private key. */
export interface Credentials {
  readonly cert: string
  readonly key: string
}

export interface IssueOptions {
  /** `subjectAltName`, as `IP:127.0.0.1`. */
  readonly names?: string
  /** For how long it is valid from now on; less than 0 for one that has expired. */
  readonly days?: number
}

/** A private authority whose files lie in `folder`; made with the command `openssl`. */
export class Authority {
  readonly #folder: string
  readonly #key: string
  /** PEM file of its own certificate. */
  readonly cert: string

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#key = this.#file(name, 'key')
    this.cert = this.#file(name, 'pem')
    const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign']
    const out = ['-keyout', this.#key, '-out', this.cert]
    openssl('req', '-x509', ...NEW_KEY, ...out, '-subj', `/CN=${name}`, '-days', '30', ...extensions)
  }

  issue(name: string, { names = 'IP:127.0.0.1', days = 30 }: IssueOptions = {}): Credentials {
    const [cert, key, request] = [this.#file(name, 'pem'), this.#file(name, 'key'), this.#file(name, 'csr')]
    const extensions = this.#file(name, 'ext')
    writeFileSync(extensions, `subjectAltName=${names}\n`)
    openssl('req', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`)
    const signed = ['-in', request, '-out', cert, '-CA', this.cert, '-CAkey', this.#key]
    openssl('x509', '-req', ...signed, '-days', String(days), '-extfile', extensions)
    return { cert, key }
  }

  #file(name: string, extension: string): string {
    return join(this.#folder, `${name}.${extension}`)
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

function openssl(...given: string[]): void {
  execFileSync('openssl', given, { stdio: 'ignore' })
}

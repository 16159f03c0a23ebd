import type { FileOption } from './file-options.ts'
import type { Findings } from './findings.ts'
import { quoted } from './issue.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'
import type { DocumentPath } from './yaml-document.ts'

/** Chains of certificates and lists of authorities stay far below. */
const FILE_LIMIT = 1024 ** 2
/** Servers take few headers that are longer; with a line break. */
const TOKEN_FILE_LIMIT = 4096 + 2
const TOKEN_CHARACTERS = 16
const SECRET_FILE_LIMIT = 4096
const KEY_BYTES = 16
const PASSWORD_BYTES = 8
const MAKE_ONE = 'make one with: openssl rand -hex 32'

/** Checks that the files that sources and sinks name can be read, and that those of tokens hold one. */
export function checkFiles(options: readonly FileOption[], findings: Findings): void {
  for (const option of options) {
    if (option.path.at(-2) === 'tokens') checkToken(option, findings)
    else if (option.path[2] === 'security') checkSecret(option, findings)
    else checkReadable(option, findings)
  }
}

function checkToken({ path, file }: FileOption, findings: Findings): void {
  const read = readBounded(file, TOKEN_FILE_LIMIT)
  if (typeof read === 'string') {
    const problem = read === 'unreadable' ? 'cannot be read' : 'is over 4 KiB'
    findings.issue(path, `the token file ${problem}`, MAKE_ONE)
    return
  }
  const token = decodeUtf8(read.bytes)?.replace(/\r?\n$/, '')
  read.bytes.fill(0)
  // Wider than RFC 6750 section 2.1 (b64token), as others issue tokens, too; nothing else could be sent in a header.
  if (token === undefined || !/^[\x21-\x7e]*$/.test(token)) {
    const message = 'the token file holds more than one line of printable ASCII without spaces'
    findings.issue(path, message, 'a file holds one token')
  } else if (token.length < TOKEN_CHARACTERS) {
    findings.issue(path, `the token has under ${TOKEN_CHARACTERS} characters`, MAKE_ONE)
  }
  warnOfMode(path, read.mode & 0o077, findings)
}

/** The shared key or a password of Fluent Forward. Whom a sink sends to may have made a short one. */
function checkSecret({ path, file }: FileOption, findings: Findings): void {
  const read = readBounded(file, SECRET_FILE_LIMIT)
  if (typeof read === 'string') {
    const problem = read === 'unreadable' ? 'cannot be read' : 'is over 4 KiB'
    findings.issue(path, `the file of the secret ${problem}`, MAKE_ONE)
    return
  }
  const secret = read.bytes.toString('latin1').replace(/\r?\n$/, '')
  read.bytes.fill(0)
  const fewest = path[0] === 'sinks' ? 1 : path.at(-1) === 'password' ? PASSWORD_BYTES : KEY_BYTES
  if (/[\r\n]/.test(secret)) findings.issue(path, 'the file holds more than one line', 'a file holds one secret')
  else if (secret === '') findings.issue(path, 'the file of the secret is empty', MAKE_ONE)
  else if (secret.length < fewest) findings.issue(path, `the secret has under ${fewest} bytes`, MAKE_ONE)
  warnOfMode(path, read.mode & 0o077, findings)
}

function checkReadable({ path, file }: FileOption, findings: Findings): void {
  const read = readBounded(file, FILE_LIMIT)
  if (typeof read === 'string') {
    findings.issue(path, read === 'unreadable' ? 'the file cannot be read' : 'the file is over 1 MiB')
    return
  }
  read.bytes.fill(0)
  // Private keys are often shared with a group, on purpose.
  if (path.at(-1) === 'key') warnOfMode(path, read.mode & 0o007, findings)
}

function warnOfMode(path: DocumentPath, open: number, findings: Findings): void {
  if (process.platform === 'win32' || open === 0) return
  const [section, name, ...option] = path
  const owner = `${section === 'sinks' ? 'sink' : 'source'} ${quoted(String(name))}`
  const shown = option.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  findings.warning(`${owner}: the file of ${shown.slice(1)} can be read by others than its owner; run chmod 600 on it`)
}

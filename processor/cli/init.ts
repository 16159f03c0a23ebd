import { existsSync, mkdirSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ruleFileSchema } from '../../rules/schema/index.ts'
import { firstConfig } from '../authoring/first-config.ts'
import { firstRules, firstSample } from '../authoring/first-rules.ts'
import { inputSchema } from '../config/schema-keys.ts'
import { FieldsealError } from '../errors.ts'
import { generateKeyPair } from '../jwe/private-keys.ts'
import { defineCommand } from './arguments.ts'
import { section } from './help.ts'
import { writeNewFile } from './write-new-file.ts'

interface NewFile {
  readonly name: string
  readonly about: string
  readonly text: string
  readonly mode: number
}

const PUBLIC_KEY = 'keys/dpo.pub.jwk'
const PRIVATE_KEY = 'private/dpo.jwk'

/** `fieldseal init`: a folder with all that is needed to begin. */
export const initCommand = defineCommand({
  name: 'init',
  summary:
    'Writes a first configuration, a rule file with tests beside its rules, a sample of logs and a key pair to try them with. Never overwrites anything.',
  usage: '[DIR] [options]',
  positionals: [{ name: 'DIR', description: 'The folder, made if need be. Default: this one.', optional: true }],
  options: {
    'without-keys': { type: 'boolean', description: 'Make no key pair: you have one, or make it elsewhere.' },
  },
  run({ values, positionals: [folder = '.'] }, { stdout }) {
    const withKeys = !values['without-keys']
    const files = [...firstFiles(), ...(withKeys ? keyFiles() : [])]
    writeAll(folder, files)
    const change = folder === '.' ? [] : [`cd ${quotedForShell(folder)}`]
    const rows = files
      .filter(({ about }) => about !== '')
      .map(({ name, about }) => [join(folder, name), about] as const)
    const key = withKeys
      ? `${join(folder, PRIVATE_KEY)} opens everything that is sealed for "dpo". Move it to who may read, and off every machine
that seals; git leaves it out. For real use make the key where it is to stay: fieldseal keys new NAME --dir FOLDER`
      : `There is no key yet: fieldseal keys new dpo --dir ${join(folder, 'keys')}
It makes two files. keys/dpo.pub.jwk stays; keys/dpo.jwk opens everything: move it to who may read, and off every machine that seals.`
    const next = [
      ...change,
      'fieldseal test rules.yaml --coverage',
      'fieldseal preview -c config.yaml < sample.jsonl',
      'fieldseal seal -c config.yaml < sample.jsonl',
    ]
    stdout.write(`${section('Written', rows)}\n\n${key}\n\nNext:\n${next.map((line) => `  ${line}\n`).join('')}`)
    return 0
  },
})

function firstFiles(): NewFile[] {
  const schema = { title: 'Fieldseal rule file', ...inputSchema(ruleFileSchema) }
  const texts: [name: string, about: string, text: string][] = [
    ['config.yaml', 'who may read what is sealed, and which rules hold', firstConfig('rules.yaml', PUBLIC_KEY)],
    ['rules.yaml', 'three rules, with their tests', firstRules('./rules.schema.json', new Date())],
    ['rules.schema.json', 'lets an editor complete and check rules.yaml', `${JSON.stringify(schema, null, 2)}\n`],
    ['sample.jsonl', 'made-up log lines to try the rules on', firstSample()],
  ]
  return texts.map(([name, about, text]) => ({ name, about, text, mode: 0o644 }))
}

function keyFiles(): NewFile[] {
  const { privateJwk, publicJwk } = generateKeyPair('P-256')
  const text = (jwk: object) => `${JSON.stringify(jwk, null, 2)}\n`
  return [
    { name: PUBLIC_KEY, about: 'a public key: the configuration names it', text: text(publicJwk), mode: 0o644 },
    // Whoever puts the folder under version control must not publish the key.
    { name: 'private/.gitignore', about: '', text: '*\n', mode: 0o644 },
    { name: PRIVATE_KEY, about: 'its private half: keep it secret', text: text(privateJwk), mode: 0o600 },
  ]
}

/** All of them or none. */
function writeAll(folder: string, files: readonly NewFile[]): void {
  const taken = files.find(({ name }) => existsSync(join(folder, name)))
  if (taken !== undefined) refuse(join(folder, taken.name))
  const written: string[] = []
  try {
    for (const { name, text, mode } of files) {
      const path = join(folder, name)
      makeFolder(dirname(path))
      if (!writeNewFile(path, text, mode)) refuse(path)
      written.push(path)
    }
  } catch (error) {
    for (const path of written) unlinkSync(path)
    throw error
  }
}

function refuse(path: string): never {
  throw new FieldsealError('FIELDSEAL_USAGE', `${path} exists, so nothing was written; name another folder`)
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch {
    throw new FieldsealError('FIELDSEAL_OUTPUT_FAILED', `the folder ${path} cannot be made`)
  }
}

/** As it can be typed. */
function quotedForShell(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

import { configJsonSchema } from './json-schemas.ts'
import { optionTable, page } from './markdown.ts'
import { documentedOptions } from './options.ts'

const INTRODUCTION = `The operator's file, \`config.yaml\`: YAML 1.2, at most 1 MiB. Unknown and duplicate keys are errors. Paths in it are relative to its folder. \`fieldseal validate -c config.yaml\` lists everything that is wrong with it, with the rule files and the keys that it names; editors can use \`config.schema.json\`. \`config.example.yaml\` shows every option.`

const ENVIRONMENT = `## Environment variables

Values (never keys, and never in rule files) may name variables of the environment:

| written | gives |
| --- | --- |
| \`\${NAME}\` or \`\${env:NAME}\` | the variable; an error where it is not set |
| \`\${NAME:-text}\` | the variable, or \`text\` where it is not set or empty |
| \`$$\` | a dollar sign |

What a variable holds stays one value, whatever it looks like. Without quotes it is read as YAML reads a single value, so \`\${DEPTH}\` may be a number; within quotes it is text. Within braces and brackets, write quotes: \`{jwk: "\${KEY_FILE}"}\`. Substitution is not repeated on what was substituted.`

const UNITS = `## Sizes and durations

A size is a whole number of bytes, or text with a unit that is a power of 1024: \`512B\`, \`64KiB\`, \`1MiB\`, \`1GiB\`. A duration is text with a unit: \`500ms\`, \`60s\`, \`10m\`, \`1h\`.`

const KEYS = `## Key files

A recipient is a public key: P-256, X25519, or RSA of at least 2048 bits. \`fieldseal keys new NAME\` makes a pair. A private key in the configuration is an error.

A hash key is a file of base64 text (RFC 4648 section 4; white space is ignored) of at least 32 bytes, made with \`openssl rand -base64 32\`. There is no other encoding, since a key read in another way would give other pseudonyms without anybody noticing; hex is refused. A file that others than its owner can read causes a warning.`

/** docs/reference/configuration.md */
export function configurationPage(): string {
  const options = optionTable(documentedOptions(configJsonSchema()))
  return page('# Configuration', INTRODUCTION, '## Options', options, ENVIRONMENT, UNITS, KEYS)
}

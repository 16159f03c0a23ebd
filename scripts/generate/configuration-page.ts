import type { JsonSchema } from './json-schemas.ts'
import { configJsonSchema } from './json-schemas.ts'
import { optionTable, page } from './markdown.ts'
import { documentedOptions, kindsOf } from './options.ts'
import { blockYaml } from './yaml-text.ts'

const INTRODUCTION = `The operator's file, \`config.yaml\`: YAML 1.2, at most 1 MiB. Unknown and duplicate keys are errors. Paths in it are relative to its folder. \`fieldseal validate -c config.yaml\` lists everything that is wrong with it, with the rule files and the keys that it names, and connects to nothing; editors can use \`config.schema.json\`. \`config.example.yaml\` shows every option.`

const ENVIRONMENT = `## Environment variables

Values (never keys, and never in rule files) may name variables of the environment:

| written | gives |
| --- | --- |
| \`\${NAME}\` or \`\${env:NAME}\` | the variable; an error where it is not set |
| \`\${NAME:-text}\` | the variable, or \`text\` where it is not set or empty |
| \`$$\` | a dollar sign |

What a variable holds stays one value, whatever it looks like. Without quotes it is read as YAML reads a single value, so \`\${DEPTH}\` may be a number; within quotes it is text. Within braces and brackets, write quotes: \`{jwk: "\${KEY_FILE}"}\`. Substitution is not repeated on what was substituted.`

const UNITS = `## Sizes and durations

A size is a whole number of bytes, or text with a unit that is a power of 1024: \`512B\`, \`64KiB\`, \`1MiB\`, \`1GiB\`, \`1TiB\`. A duration is text with a unit: \`500ms\`, \`60s\`, \`10m\`, \`1h\`.`

const KEYS = `## Key files

A recipient is a public key: P-256, X25519, or RSA of at least 2048 bits. \`fieldseal keys new NAME\` makes a pair. A private key in the configuration is an error.

A hash key is a file of base64 text (RFC 4648 section 4; white space is ignored) of at least 32 bytes, made with \`openssl rand -base64 32\`. There is no other encoding, since a key read in another way would give other pseudonyms without anybody noticing; hex is refused. A file that others than its owner can read causes a warning.`

const ACCESS = `### Who may send records

A source on a loopback address takes records from every program of the machine. On any other address it needs \`tokens\` or \`tls.client_ca\`; with both, a client needs both. \`insecure: true\` lets everyone in instead, and the log says so at each start.

A token file holds one token on one line: 16 characters or more of printable ASCII, without spaces. \`openssl rand -hex 32\` makes one. Clients send it as \`Authorization: Bearer TOKEN\`. Files that others than their owner can read cause a warning.

### Room for requests

A request is counted as it arrives and again as it is inflated, so \`max_wire\` and \`max_inflated\` have to fit into \`service.in_flight.connection\` together. What sealing adds is counted too: a request of which nearly everything is sealed may need several times its size, and is answered with 429 or 503 where that is not left. \`limits.batch\` and \`limits.record\` hold for the service as for every other way in.`

const SETTLING = `### When a batch is acknowledged

A client is told that its batch is accepted once every sink with \`required: true\` has it: the backend has answered with a 2xx, or the file is synced (with \`sync: false\`: written). Until then the client has the batch, and sends it again where it is told to. What a sink with \`required: false\` misses is lost to that sink, and counted. At least one sink is required.`

/** docs/reference/configuration.md */
export function configurationPage(): string {
  const schema = configJsonSchema()
  return page(
    '# Configuration',
    INTRODUCTION,
    '## Options',
    optionTable(documentedOptions(schema)),
    ...kinds('Sources', 'Source', schema.properties?.sources),
    ACCESS,
    ...kinds('Sinks', 'Sink', schema.properties?.sinks),
    SETTLING,
    ENVIRONMENT,
    UNITS,
    KEYS,
  )
}

/** A section with a table for each kind. Options are named as they stand beside `type`. */
function kinds(heading: string, noun: string, schema: JsonSchema | boolean | undefined): string[] {
  if (typeof schema !== 'object') return []
  const sections = kindsOf(schema).flatMap((kind) => {
    const options = documentedOptions(kind.schema)
    const [type, ...others] = options
    return [`### ${noun} \`${kind.type}\``, type?.schema.description ?? '', optionTable(others)]
  })
  const examples = Object.assign({}, ...(schema.examples ?? []))
  const introduction = `Each has a name of your own, and a \`type\` that says what else can be set of it:`
  const yaml = ['```yaml', ...blockYaml(heading.toLowerCase(), examples, ''), '```'].join('\n')
  return [`## ${heading}`, introduction, yaml, ...sections]
}

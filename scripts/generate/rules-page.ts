import { ruleFileJsonSchema } from './json-schemas.ts'
import { optionTable, page } from './markdown.ts'
import { documentedOptions } from './options.ts'

const INTRODUCTION = `A rule file holds a list under \`rules\`. Each rule says where to look, for what, and what to do. The configuration lists the rule files; ids are unique across all of them. Editors can use \`rules/rules.schema.json\`. Environment variables are not substituted in rule files.`

const CHOICES = `A rule has exactly one of \`seal\`, \`hash\`, \`mask\` and \`drop\`, and at least one of \`detect\`, \`pattern\`, \`path\` and \`key\`. Where an option takes a list, a single entry may stand without brackets.`

const EXAMPLE = `## Example

\`\`\`yaml
rules:
  - id: cards
    title: Payment card numbers
    detect: [payment_card]
    seal: {to: [default], text: span}
    except:
      - {name: test-cards, pattern: '^4111', reason: scheme test numbers, owner: payments, expires: 2027-06-30}
  - id: login-names
    key: ['(?i)^(user_?name|login)$']
    where: {resource.service.name: [auth, gateway]}
    hash: {key: pseudonyms}
\`\`\``

/** docs/reference/rules.md */
export function rulesPage(): string {
  const options = optionTable(documentedOptions(ruleFileJsonSchema()))
  return page('# Rules', INTRODUCTION, CHOICES, '## Options', options, EXAMPLE)
}

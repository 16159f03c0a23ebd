/** An attribute of a metric. */
export interface AttributeFacts {
  readonly description: string
  /** Every value that it can have, where they are few and known here. */
  readonly values?: readonly string[]
  /** True where it is left out of some measurements. */
  readonly optional?: true
}

/**
 * Every attribute of a metric. Each has few values, from our own tables, the rules or the configuration: whoever writes
 * logs cannot make a new one, and nothing of a record stands in any. Two are the exception, `fieldseal.path` and
 * `service.name` of leaks: they are bounded in number, and masked.
 */
export const ATTRIBUTES = {
  'fieldseal.format': {
    description:
      'The format of the batch, by the name that `--format` knows; of a record in a program `object` or `log-record`.',
  },
  'fieldseal.outcome': {
    description: 'Whether the batch may be passed on.',
    values: ['processed', 'failed'],
  },
  'error.type': {
    description: 'The [code of the error](errors.md); there where something failed or was refused.',
    optional: true,
  },
  'fieldseal.rule.id': { description: 'The id of the rule, as the rule file has it.' },
  'fieldseal.rule.action': { description: 'What the rule does: `drop`, `seal`, `hash` or `mask`.' },
  'fieldseal.value.state': {
    description: 'What a sealed value is after opening.',
    values: ['opened', 'sealed'],
  },
  'fieldseal.refusal.reason': {
    description:
      'Why a value stays sealed: it is no JWE that could be ours, it is for none of the keys, its header asks for what is not allowed, or its content was altered.',
    values: ['malformed', 'no-key', 'policy', 'authentication'],
  },
  'fieldseal.source': { description: 'The name of the source, as the configuration has it.' },
  'fieldseal.sink': { description: 'The name of the sink, as the configuration has it.' },
  'fieldseal.settlement': {
    description: 'What became of the batch: whether whoever sent it may forget it.',
    values: ['accepted', 'refused'],
  },
  'fieldseal.recipient': { description: 'The name of the recipient, as the configuration has it.' },
  'fieldseal.recipient.kid': {
    description:
      'The `kid` of a key that is configured or at hand; of values that were not opened, of the key that they are for. Left out where they are for none of the keys at hand.',
    optional: true,
  },
  'fieldseal.leak.scan': {
    description: 'Who looked: the engine itself on what leaves it, or a scan of its own on what has been stored.',
    values: ['inline', 'independent'],
  },
  'fieldseal.detector': { description: 'The name of the detector: one of ours, or of the rule files.' },
  'fieldseal.path': {
    description:
      'The path of the value. Bounded in number, the rest is `other`; parts in which a detector finds something are `*`.',
  },
  'service.name': {
    description:
      'The `service.name` of the resource of the record. Bounded in number, the rest is `other`; `*` where a detector finds something in it, empty where there is none.',
  },
  'fieldseal.reload.result': {
    description: 'Whether the new configuration is in use.',
    values: ['succeeded', 'failed'],
  },
  'fieldseal.configuration.hash': {
    description: 'SHA-256 (hex) of settings and rules, as `/status` and the log have it.',
  },
  'service.version': { description: 'The version of Fieldseal.' },
  'cpu.mode': { description: 'Where the processor spent it.', values: ['user', 'system'] },
  'fieldseal.canary.result': { description: 'What came of a run.', values: ['passed', 'failed'] },
  'fieldseal.canary.fault': { description: 'What was wrong; there where the run failed.', optional: true },
} as const satisfies Record<string, AttributeFacts>

export type AttributeName = keyof typeof ATTRIBUTES

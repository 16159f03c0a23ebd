import type { Command } from './arguments.ts'

/** A command that is loaded when it is called: none pays for what the others are made of. */
export interface CommandEntry {
  /** As it is typed. */
  readonly name: string
  load(): Promise<Command>
}

/** The catalogue of commands: one line each. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'run', load: async () => (await import('./run.ts')).runCommand },
  { name: 'seal', load: async () => (await import('./seal.ts')).sealCommand },
  { name: 'open', load: async () => (await import('./open.ts')).openCommand },
  { name: 'validate', load: async () => (await import('./validate.ts')).validateCommand },
  { name: 'canary', load: async () => (await import('./canary.ts')).canaryCommand },
  { name: 'lint', load: async () => (await import('./lint.ts')).lintCommand },
  { name: 'test', load: async () => (await import('./test.ts')).testCommand },
  { name: 'explain', load: async () => (await import('./explain.ts')).explainCommand },
  { name: 'preview', load: async () => (await import('./preview.ts')).previewCommand },
  { name: 'scan', load: async () => (await import('./scan.ts')).scanCommand },
  { name: 'rules list', load: async () => (await import('./rules-list.ts')).rulesListCommand },
  { name: 'rules show', load: async () => (await import('./rules-show.ts')).rulesShowCommand },
  { name: 'rules diff', load: async () => (await import('./rules-diff.ts')).rulesDiffCommand },
  { name: 'init', load: async () => (await import('./init.ts')).initCommand },
  { name: 'keys new', load: async () => (await import('./keys-new.ts')).keysNewCommand },
]

import type { Command } from './arguments.ts'
import { explainCommand } from './explain.ts'
import { initCommand } from './init.ts'
import { keysNewCommand } from './keys-new.ts'
import { lintCommand } from './lint.ts'
import { openCommand } from './open.ts'
import { previewCommand } from './preview.ts'
import { rulesDiffCommand } from './rules-diff.ts'
import { rulesListCommand } from './rules-list.ts'
import { rulesShowCommand } from './rules-show.ts'
import { runCommand } from './run.ts'
import { sealCommand } from './seal.ts'
import { testCommand } from './test.ts'
import { validateCommand } from './validate.ts'

/** The catalogue of commands: one line each. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  sealCommand,
  openCommand,
  validateCommand,
  lintCommand,
  testCommand,
  explainCommand,
  previewCommand,
  rulesListCommand,
  rulesShowCommand,
  rulesDiffCommand,
  initCommand,
  keysNewCommand,
]

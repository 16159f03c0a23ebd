import { debian } from './debian.ts'
import { git } from './git.ts'
import { java } from './java.ts'
import { nginx } from './nginx.ts'
import { node } from './node.ts'
import { npm } from './npm.ts'
import { postgresql } from './postgresql.ts'
import type { RealProgram } from './program.ts'
import { prometheus } from './prometheus.ts'
import { redis } from './redis.ts'

export const REAL_PROGRAMS: readonly RealProgram[] = [
  debian,
  git,
  java,
  nginx,
  node,
  npm,
  postgresql,
  prometheus,
  redis,
]

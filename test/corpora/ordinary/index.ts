import { attributes } from './attributes.ts'
import { database } from './database.ts'
import { epochTimes } from './epoch-times.ts'
import { hashes } from './hashes.ts'
import { hexDumps } from './hex-dumps.ts'
import { identifiers } from './identifiers.ts'
import { jvm } from './jvm.ts'
import { kernel } from './kernel.ts'
import { kubernetes } from './kubernetes.ts'
import type { Kind, Line } from './line.ts'
import { metrics } from './metrics.ts'
import { paths } from './paths.ts'
import { queues } from './queues.ts'
import { Random } from './random.ts'
import { stackTraces } from './stack-traces.ts'
import { versions } from './versions.ts'
import { webAccess } from './web-access.ts'

export const KINDS: Readonly<Record<string, Kind>> = {
  'web access': webAccess,
  JVM: jvm,
  kernel,
  Kubernetes: kubernetes,
  database,
  queues,
  'stack traces': stackTraces,
  'epoch times': epochTimes,
  'UUIDs and trace ids': identifiers,
  hashes,
  'hex dumps': hexDumps,
  versions,
  paths,
  metrics,
  attributes,
}

/** @returns `count` lines of one kind, the same for the same seed. */
export function ordinaryLines(kind: string, count: number, seed: number): Line[] {
  const random = new Random(seed)
  const make = KINDS[kind]!
  return Array.from({ length: count }, () => {
    const line = make(random)
    return typeof line === 'string' ? { key: '', text: line } : line
  })
}

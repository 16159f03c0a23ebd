import type { Workload } from './batch.ts'
import { serviceLogs } from './service-logs.ts'
import { testbed } from './testbed.ts'

export const WORKLOADS = { W0: testbed, W2: serviceLogs } as const satisfies Record<string, Workload>

export type WorkloadName = keyof typeof WORKLOADS

import { serviceSettings } from '../processor/config/service-settings.ts'
import type { Cell, ForwarderCell, SaturatedCell, ServiceCell } from './cells/cell.ts'
import type { Figure, Group, MemoryFigure } from './plan.ts'

type Workload = ServiceCell['workload']

const service = (workload: Workload, percent: 0 | 5, workers: 1 | 2 = 1): ServiceCell => ({
  kind: 'service',
  workload,
  percent,
  workers,
})
const over = (protocol: 'forward' | 'grpc', percent: 0 | 5): ServiceCell => ({ ...service('W2', percent), protocol })
const forwarder = (workload: Workload): ForwarderCell => ({ kind: 'forwarder', workload })
const saturated: SaturatedCell = { kind: 'saturated', workload: 'W2', percent: 5 }

/** The service over loopback, against its own source and sink with nothing between them. */
export const SERVICE_GROUPS: readonly Group[] = [
  {
    title: 'The service with W2, against forwarding alone; one worker and two; by Fluent Forward and by gRPC',
    cells: [
      forwarder('W2'),
      service('W2', 0),
      service('W2', 5),
      service('W2', 0, 2),
      service('W2', 5, 2),
      over('forward', 0),
      over('forward', 5),
      over('grpc', 0),
      over('grpc', 5),
    ],
    figures: true,
  },
  {
    title: 'The service with W0, against forwarding alone',
    cells: [forwarder('W0'), service('W0', 0), service('W0', 5)],
    figures: true,
  },
  { title: 'The service with more than its byte budget lets in', cells: [saturated], figures: false },
]

const overForwarder = (workload: Workload, percent: 0 | 5, target: number): Figure => ({
  name: `service.${workload.toLowerCase()}.match${percent}.over_forwarder`,
  rate: 'recordsPerCpuSecond',
  of: service(workload, percent),
  over: forwarder(workload),
  target,
  sense: '>=',
})

/** Records per CPU-second, against those of OTLP/HTTP. */
const overHttp = (protocol: 'forward' | 'grpc', percent: 0 | 5, target: number): Figure => ({
  name: `service.w2.match${percent}.${protocol}_over_http`,
  rate: 'recordsPerCpuSecond',
  of: over(protocol, percent),
  over: service('W2', percent),
  target,
  sense: '>=',
})

const twoWorkers = (percent: 0 | 5): Figure[] => {
  const cells: { of: Cell; over: Cell } = { of: service('W2', percent, 2), over: service('W2', percent) }
  const name = `service.w2.match${percent}.two_workers_over_one`
  return [
    { name: `${name}.cpu`, rate: 'recordsPerCpuSecond', ...cells, target: 0.9, sense: '>=' },
    { name: `${name}.wall`, rate: 'recordsPerWallSecond', ...cells, sense: '>=' },
  ]
}

/** Ratios of the service. */
export const SERVICE_FIGURES: readonly Figure[] = [
  overForwarder('W2', 0, 0.45),
  overForwarder('W2', 5, 0.25),
  overForwarder('W0', 0, 0.45),
  overForwarder('W0', 5, 0.25),
  overHttp('forward', 0, 0.7),
  overHttp('forward', 5, 0.7),
  overHttp('grpc', 0, 0.5),
  overHttp('grpc', 5, 0.5),
  ...twoWorkers(0),
  ...twoWorkers(5),
]

/** Where nothing else is said: the byte budget that the cell has in use. */
const { total: IN_FLIGHT_TOTAL } = serviceSettings.parse(undefined).in_flight

export const MEMORY_FIGURES: readonly MemoryFigure[] = [
  { name: 'service.rss.saturated', of: saturated, target: (150e6 + 3 * IN_FLIGHT_TOTAL) / 1e6 },
]

import { type Dashboard, type Panel, rising } from './panel.ts'

const quantiles = (metric: string, by: string): Panel['queries'] =>
  [0.5, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le, ${by}) (rate(${metric}_bucket{job=~"$job"}[$__rate_interval])))`,
    legend: `{{${by}}} p${quantile * 100}`,
  }))

/** What is wrong, and where? */
export const ON_CALL: Dashboard = {
  uid: 'fieldseal-on-call',
  title: 'Fieldseal: on call',
  description: 'For whoever was woken: what comes in, what goes out, what is refused and why, and how full it is.',
  from: 'now-3h',
  refresh: '30s',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'stat',
          title: 'Workers that take batches',
          description: 'Processes that are ready. Compare it with service.workers and the number of instances.',
          unit: 'short',
          thresholds: [
            ['red', null],
            ['green', 1],
          ],
          queries: [{ expr: 'sum(fieldseal_ready{job=~"$job"})' }],
        },
        {
          kind: 'stat',
          title: 'Room for batches that is used',
          description:
            'Bytes under way, as a share of what may be under way, in the worker that is fullest. At 1 clients are sent away.',
          unit: 'percentunit',
          thresholds: rising(0.5, 0.8),
          queries: [
            { expr: 'max(fieldseal_in_flight_size_bytes{job=~"$job"} / fieldseal_in_flight_limit_bytes{job=~"$job"})' },
          ],
        },
        {
          kind: 'stat',
          title: 'Batches sent back',
          description: 'Share that was refused in the last five minutes for no fault of the client.',
          unit: 'percentunit',
          thresholds: rising(0.0005, 0.01),
          queries: [{ expr: 'max(fieldseal:settlement_failures:ratio_rate5m{job=~"$job"})' }],
        },
        {
          kind: 'stat',
          title: 'Batches that could not be sealed',
          description: 'Share in the last five minutes. Nothing of them was passed on.',
          unit: 'percentunit',
          thresholds: rising(0.0001, 0.001),
          queries: [{ expr: 'max(fieldseal:sealing_failures:ratio_rate5m{job=~"$job"})' }],
        },
      ],
    },
    {
      title: 'Sources',
      panels: [
        {
          kind: 'timeseries',
          title: 'Batches, by what became of them',
          description: 'Batches a second of each source, accepted or refused.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (fieldseal_source, fieldseal_settlement) (rate(fieldseal_source_batches_total{job=~"$job"}[$__rate_interval]))',
              legend: '{{fieldseal_source}} {{fieldseal_settlement}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Refused, by error',
          description:
            'Batches a second by the code that the client was told. The reference of errors says what to do.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (error_type) (rate(fieldseal_source_batches_total{job=~"$job",fieldseal_settlement="refused"}[$__rate_interval]))',
              legend: '{{error_type}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Records and bytes that come in',
          description: 'Records a second and bytes a second, of all sources.',
          unit: 'short',
          queries: [
            {
              expr: 'sum(rate(fieldseal_source_records_total{job=~"$job"}[$__rate_interval]))',
              legend: 'records',
            },
            {
              expr: 'sum(rate(fieldseal_source_input_size_bytes_total{job=~"$job"}[$__rate_interval]))',
              legend: 'bytes',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Time until a batch is settled',
          description: 'Median and 99th percentile: sealing, and all required sinks.',
          unit: 's',
          queries: quantiles('fieldseal_source_duration_seconds', 'fieldseal_source'),
        },
      ],
    },
    {
      title: 'Sinks',
      panels: [
        {
          kind: 'timeseries',
          title: 'Batches, by what became of them',
          description: 'Batches a second that each sink accepted or refused.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (fieldseal_sink, fieldseal_settlement) (rate(fieldseal_sink_batches_total{job=~"$job"}[$__rate_interval]))',
              legend: '{{fieldseal_sink}} {{fieldseal_settlement}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Refused, by error',
          description: 'Batches a second that a sink did not take, by code.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (fieldseal_sink, error_type) (rate(fieldseal_sink_batches_total{job=~"$job",fieldseal_settlement="refused"}[$__rate_interval]))',
              legend: '{{fieldseal_sink}} {{error_type}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Records that a backend did not want',
          description: 'Records a second that a backend refused though it took their batch. They are lost to it.',
          unit: 'short',
          thresholds: rising(0.01, 1),
          queries: [
            {
              expr: 'sum by (fieldseal_sink) (rate(fieldseal_sink_rejected_total{job=~"$job"}[$__rate_interval]))',
              legend: '{{fieldseal_sink}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Time until a sink has a batch',
          description: 'Median and 99th percentile, repetitions included.',
          unit: 's',
          queries: quantiles('fieldseal_sink_duration_seconds', 'fieldseal_sink'),
        },
      ],
    },
    {
      title: 'Processor',
      panels: [
        {
          kind: 'timeseries',
          title: 'Time to seal a batch',
          description: 'Median and 99th percentile of finding and sealing, by format.',
          unit: 's',
          queries: quantiles('fieldseal_sealing_duration_seconds', 'fieldseal_format'),
        },
        {
          kind: 'timeseries',
          title: 'Under way',
          description: 'Bytes reserved for batches, and how many there may be, of all workers.',
          unit: 'bytes',
          queries: [
            { expr: 'sum(fieldseal_in_flight_size_bytes{job=~"$job"})', legend: 'used' },
            { expr: 'sum(fieldseal_in_flight_limit_bytes{job=~"$job"})', legend: 'limit' },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Event loop',
          description:
            'How long work waits for its turn, 99th percentile, in each worker. Over 0.1 s the processor is the limit.',
          unit: 's',
          thresholds: rising(0.05, 0.1),
          queries: [
            {
              expr: 'max by (instance, worker) (nodejs_eventloop_delay_p99_seconds{job=~"$job"})',
              legend: '{{instance}} {{worker}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Memory and processor',
          description: 'Physical memory of each worker.',
          unit: 'bytes',
          queries: [
            {
              expr: 'max by (instance, worker) (process_memory_usage_bytes{job=~"$job"})',
              legend: '{{instance}} {{worker}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Configuration',
      panels: [
        {
          kind: 'timeseries',
          title: 'Reloads in an hour',
          description: 'Where one has failed, the configuration before it is in use.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (fieldseal_reload_result) (increase(fieldseal_configuration_reloads_total{job=~"$job"}[1h]))',
              legend: '{{fieldseal_reload_result}}',
            },
          ],
        },
        {
          kind: 'table',
          title: 'Versions and configurations in use',
          description: 'One line, except while something is rolled out or a reload has failed in some workers.',
          unit: 'short',
          columns: { service_version: 'Version', fieldseal_configuration_hash: 'Configuration' },
          value: 'Workers',
          queries: [
            {
              expr: 'count by (service_version, fieldseal_configuration_hash) (fieldseal_configuration_info{job=~"$job"})',
            },
          ],
        },
      ],
    },
  ],
}

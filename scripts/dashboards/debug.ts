import { type Dashboard, rising } from './panel.ts'

const rate = (by: string, metric: string, matchers = ''): string =>
  `sum by (${by}) (rate(${metric}{job=~"$job"${matchers}}[$__rate_interval]))`

/** Why is it so? */
export const DEBUG: Dashboard = {
  uid: 'fieldseal-debug',
  title: 'Fieldseal: debug',
  description: 'Everything by worker, format, rule, detector and path: for whoever looks for a cause.',
  from: 'now-1h',
  refresh: '30s',
  rows: [
    {
      title: 'By worker',
      panels: [
        {
          kind: 'timeseries',
          title: 'Batches a second, by worker',
          description: 'Connections are handed out in turn: a worker that has far more than others has a large client.',
          unit: 'reqps',
          queries: [
            { expr: rate('instance, worker', 'fieldseal_source_batches_total'), legend: '{{instance}} {{worker}}' },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Processor time, by worker',
          description: 'Cores. One worker can use one, and a little more for what Node does beside it.',
          unit: 'short',
          thresholds: rising(0.8, 1),
          queries: [
            {
              expr: rate('instance, worker, cpu_mode', 'process_cpu_time_seconds_total'),
              legend: '{{instance}} {{worker}} {{cpu_mode}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Event loop, by worker',
          description: 'Median and longest wait since the last look.',
          unit: 's',
          queries: [
            {
              expr: 'max by (instance, worker) (nodejs_eventloop_delay_p50_seconds{job=~"$job"})',
              legend: '{{instance}} {{worker}} median',
            },
            {
              expr: 'max by (instance, worker) (nodejs_eventloop_delay_max_seconds{job=~"$job"})',
              legend: '{{instance}} {{worker}} longest',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Batches under way, by worker',
          description: 'Those that are taken and not settled.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (instance, worker) (fieldseal_in_flight_batches{job=~"$job"})',
              legend: '{{instance}} {{worker}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Sealing',
      panels: [
        {
          kind: 'timeseries',
          title: 'Batches, by format and outcome',
          description: 'Batches a second handed to the engine.',
          unit: 'reqps',
          queries: [
            {
              expr: rate('fieldseal_format, fieldseal_outcome, error_type', 'fieldseal_sealing_batches_total'),
              legend: '{{fieldseal_format}} {{fieldseal_outcome}} {{error_type}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Records and bytes, by format',
          description: 'Records a second, and bytes a second.',
          unit: 'short',
          queries: [
            {
              expr: rate('fieldseal_format', 'fieldseal_sealing_records_total'),
              legend: '{{fieldseal_format}} records',
            },
            {
              expr: rate('fieldseal_format', 'fieldseal_sealing_input_size_bytes_total'),
              legend: '{{fieldseal_format}} bytes',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Values, by rule',
          description: 'Values a second on which each rule acted.',
          unit: 'short',
          queries: [
            {
              expr: rate('fieldseal_rule_id, fieldseal_rule_action', 'fieldseal_sealing_values_total'),
              legend: '{{fieldseal_rule_id}} ({{fieldseal_rule_action}})',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Values that rules in audit would have taken',
          description: 'Values a second, by rule. They pass as they are.',
          unit: 'short',
          queries: [
            { expr: rate('fieldseal_rule_id', 'fieldseal_sealing_audited_total'), legend: '{{fieldseal_rule_id}}' },
          ],
        },
        {
          kind: 'heatmap',
          title: 'Time to seal all values of a call',
          description: 'Key agreement included.',
          unit: 's',
          queries: [{ expr: rate('le', 'fieldseal_seal_duration_seconds_bucket'), legend: '{{le}}' }],
        },
        {
          kind: 'timeseries',
          title: 'Epochs',
          description:
            'Epochs begun a second, and content keys for each (median). Many epochs with few keys cost much and are no fault.',
          unit: 'short',
          queries: [
            { expr: 'sum(rate(fieldseal_epoch_begun_total{job=~"$job"}[$__rate_interval]))', legend: 'begun' },
            {
              expr: 'histogram_quantile(0.5, sum by (le) (rate(fieldseal_epoch_wraps_bucket{job=~"$job"}[$__rate_interval])))',
              legend: 'keys in each',
            },
          ],
        },
      ],
    },
    {
      title: 'Leaks',
      panels: [
        {
          kind: 'table',
          title: 'What is found, and where',
          description: 'Findings of the last hour by detector and path; parts of a path that hold personal data are *.',
          unit: 'short',
          width: 24,
          columns: {
            fieldseal_detector: 'Detector',
            fieldseal_path: 'Path',
            service_name: 'Service',
            fieldseal_leak_scan: 'Scan',
          },
          value: 'Findings',
          queries: [
            {
              expr: 'sort_desc(sum by (fieldseal_detector, fieldseal_path, service_name, fieldseal_leak_scan) (increase(fieldseal_leak_findings_total{job=~"$job"}[1h])))',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Records with findings, by service',
          description: 'Records a second, those of the canary included.',
          unit: 'short',
          queries: [
            {
              expr: rate('service_name, fieldseal_leak_scan', 'fieldseal_leak_records_total'),
              legend: '{{service_name}} {{fieldseal_leak_scan}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Sealed or refused by the leak scan',
          description: 'Values a second that were sealed then and there, and records that were not passed on.',
          unit: 'short',
          queries: [
            {
              expr: rate('fieldseal_detector', 'fieldseal_leak_sealed_total'),
              legend: '{{fieldseal_detector}} sealed',
            },
            {
              expr: 'sum(rate(fieldseal_leak_refused_total{job=~"$job"}[$__rate_interval]))',
              legend: 'records refused',
            },
          ],
        },
      ],
    },
    {
      title: 'Delivery',
      panels: [
        {
          kind: 'timeseries',
          title: 'Bytes that go out, by sink',
          description: 'Bytes a second, before a sink converts or compresses them.',
          unit: 'Bps',
          queries: [
            { expr: rate('fieldseal_sink', 'fieldseal_sink_output_size_bytes_total'), legend: '{{fieldseal_sink}}' },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Records that go out, by sink',
          description: 'Records a second, accepted or refused.',
          unit: 'short',
          queries: [
            {
              expr: rate('fieldseal_sink, fieldseal_settlement', 'fieldseal_sink_records_total'),
              legend: '{{fieldseal_sink}} {{fieldseal_settlement}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Opening',
      panels: [
        {
          kind: 'timeseries',
          title: 'Values opened, by key',
          description: 'Values a second, in programs that open and have a meter.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (fieldseal_recipient_kid, fieldseal_value_state) (rate(fieldseal_opening_values_total[$__rate_interval]))',
              legend: '{{fieldseal_recipient_kid}} {{fieldseal_value_state}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Values that stay sealed, by reason',
          description: 'Values a second. no-key is usual: they are for others.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (fieldseal_refusal_reason) (rate(fieldseal_opening_refusals_total[$__rate_interval]))',
              legend: '{{fieldseal_refusal_reason}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Time to open a batch',
          description: '99th percentile, by format.',
          unit: 's',
          queries: [
            {
              expr: 'histogram_quantile(0.99, sum by (le, fieldseal_format) (rate(fieldseal_opening_duration_seconds_bucket[$__rate_interval])))',
              legend: '{{fieldseal_format}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Time of a canary’s run',
          description: '90th percentile.',
          unit: 's',
          queries: [
            {
              expr: 'histogram_quantile(0.9, sum by (le) (rate(fieldseal_canary_duration_seconds_bucket[$__rate_interval])))',
              legend: 'p90',
            },
          ],
        },
      ],
    },
  ],
}

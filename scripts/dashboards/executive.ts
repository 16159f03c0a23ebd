import { type Dashboard, falling, rising } from './panel.ts'

const CANARY = 'service_name!="fieldseal-canary"'

/** Are values sealed, and can they be read? */
export const EXECUTIVE: Dashboard = {
  uid: 'fieldseal-executive',
  title: 'Fieldseal: is personal data sealed?',
  description:
    'For whoever answers for data protection: what is sealed, what was found in the clear, and whose keys expire.',
  from: 'now-7d',
  refresh: '5m',
  rows: [
    {
      title: 'Today',
      panels: [
        {
          kind: 'stat',
          title: 'Values found in the clear, 24 hours',
          description: 'What detectors found in records on their way out. It should be zero.',
          unit: 'short',
          thresholds: rising(1, 1),
          queries: [
            {
              expr: `sum(increase(fieldseal_leak_findings_total{job=~"$job",${CANARY}}[24h])) or 0 * sum(fieldseal_ready{job=~"$job"})`,
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Values sealed, 24 hours',
          description: 'Values that were replaced by something that the recipients alone can read.',
          unit: 'short',
          queries: [
            {
              expr: 'sum(increase(fieldseal_sealing_values_total{job=~"$job",fieldseal_rule_action="seal"}[24h]))',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Days until the next key expires',
          description: 'After that day nothing that is sealed for its holder is passed on.',
          unit: 'd',
          thresholds: falling(7, 30),
          queries: [{ expr: 'min(fieldseal_recipient_key_remaining_seconds{job=~"$job"}) / 86400' }],
        },
        {
          kind: 'stat',
          title: 'Last proof, minutes ago',
          description:
            'When made-up records last went the whole way and were found sealed, for the recipient for whom that is longest ago.',
          unit: 'm',
          thresholds: rising(5, 10),
          queries: [{ expr: '(time() - min(fieldseal_canary_last_success_seconds)) / 60' }],
        },
      ],
    },
    {
      title: 'Objectives',
      panels: [
        {
          kind: 'stat',
          title: 'Batches sealed, 3 days',
          description: 'Share of the batches that could be sealed and were. The objective is 99.99 %.',
          unit: 'percentunit',
          thresholds: falling(0.9995, 0.9999),
          queries: [{ expr: '1 - max(fieldseal:sealing_failures:ratio_rate3d{job=~"$job"})' }],
        },
        {
          kind: 'stat',
          title: 'Batches accepted, 3 days',
          description:
            'Share of the batches that could be accepted and were, sealed and delivered. The objective is 99.95 %.',
          unit: 'percentunit',
          thresholds: falling(0.999, 0.9995),
          queries: [{ expr: '1 - max(fieldseal:settlement_failures:ratio_rate3d{job=~"$job"})' }],
        },
        {
          kind: 'stat',
          title: 'Values opened, 3 days',
          description:
            'Share of the sealed values that a key at hand is for and that it opened. The objective is 99.95 %. Empty where nobody opens.',
          unit: 'percentunit',
          thresholds: falling(0.999, 0.9995),
          queries: [{ expr: '1 - max(fieldseal:opening_failures:ratio_rate3d)' }],
        },
        {
          kind: 'stat',
          title: 'Recipients that can be sealed for',
          description: 'Recipients whose key is good.',
          unit: 'short',
          queries: [
            { expr: 'count(max by (fieldseal_recipient) (fieldseal_recipient_usable{job=~"$job"}) == 1) or vector(0)' },
          ],
        },
      ],
    },
    {
      title: 'In the course of time',
      panels: [
        {
          kind: 'timeseries',
          title: 'Found in the clear, by day',
          description: 'Findings of the leak scan within the day before, by what was found.',
          unit: 'short',
          thresholds: rising(1, 1),
          queries: [
            {
              expr: `sum by (fieldseal_detector) (increase(fieldseal_leak_findings_total{job=~"$job",${CANARY}}[1d]))`,
              legend: '{{fieldseal_detector}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Sealed, hashed, masked and dropped',
          description: 'Values a second on which the rules acted.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (fieldseal_rule_action) (rate(fieldseal_sealing_values_total{job=~"$job"}[$__rate_interval]))',
              legend: '{{fieldseal_rule_action}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Keys',
      panels: [
        {
          kind: 'table',
          title: 'Days until keys expire',
          description: 'Keys without a date are not in it.',
          unit: 'd',
          thresholds: falling(7, 30),
          columns: { fieldseal_recipient: 'Recipient', fieldseal_recipient_kid: 'Key' },
          value: 'Days',
          queries: [
            {
              expr: 'sort(min by (fieldseal_recipient, fieldseal_recipient_kid) (fieldseal_recipient_key_remaining_seconds{job=~"$job"}) / 86400)',
            },
          ],
        },
        {
          kind: 'table',
          title: 'Age of keys in days',
          description: 'Since the day that the configuration names as created.',
          unit: 'd',
          columns: { fieldseal_recipient: 'Recipient', fieldseal_recipient_kid: 'Key' },
          value: 'Days',
          queries: [
            {
              expr: 'max by (fieldseal_recipient, fieldseal_recipient_kid) (fieldseal_recipient_key_age_seconds{job=~"$job"}) / 86400',
            },
          ],
        },
      ],
    },
    {
      title: 'Proof',
      panels: [
        {
          kind: 'timeseries',
          title: 'Runs of the canary in an hour',
          description: 'Passed, and failed by what was wrong.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (fieldseal_canary_result, fieldseal_canary_fault) (increase(fieldseal_canary_runs_total[1h]))',
              legend: '{{fieldseal_canary_result}} {{fieldseal_canary_fault}}',
            },
          ],
        },
        {
          kind: 'timeseries',
          title: 'Records looked through by the leak scan',
          description: 'Records a second. Where it is zero, nothing is found because nobody looks.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (fieldseal_leak_scan) (rate(fieldseal_leak_scanned_total{job=~"$job"}[$__rate_interval]))',
              legend: '{{fieldseal_leak_scan}}',
            },
          ],
        },
      ],
    },
  ],
}

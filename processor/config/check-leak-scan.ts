import { DETECTORS } from '../../detectors/index.ts'
import { leakScanProblems } from '../../rules/leak-scan.ts'
import type { Findings } from './findings.ts'
import { didYouMean } from './nearest.ts'
import type { Settings } from './schema.ts'

/** Checks what the leak scan names. @param own - names of detectors of the rule files. */
export function checkLeakScan({ leak_scan, recipients, groups }: Settings, own: readonly string[], findings: Findings) {
  const { inline, ...names } = leak_scan
  for (const { path, name, problem } of leakScanProblems({ inline: 'report', ...names }, new Set(own)))
    findings.issue(['leak_scan', ...path], problem, HINTS[path[0]](name, own))
  if (inline === 'seal' && !Object.hasOwn(recipients, 'default') && !Object.hasOwn(groups, 'default'))
    findings.issue(
      ['leak_scan', 'inline'],
      'there is no recipient or group named default, for whom the scan would seal',
      'add a group default, or choose report or refuse',
    )
}

const HINTS = {
  detectors: (name: string, own: readonly string[]) =>
    didYouMean(name, [...DETECTORS.map((detector) => detector.name), ...own]) ??
    'docs/reference/detectors.md lists them',
  ignore: () => 'Paths look like attributes.user.email, body or resource.**',
}

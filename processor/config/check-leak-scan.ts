import { DETECTORS, detectorByName } from '../../detectors/index.ts'
import { parsePath } from '../../rules/path.ts'
import type { Findings } from './findings.ts'
import { quoted } from './issue.ts'
import { didYouMean } from './nearest.ts'
import type { Settings } from './schema.ts'

/** Checks what the leak scan names. @param own - names of detectors of the rule files. */
export function checkLeakScan({ leak_scan, recipients, groups }: Settings, own: readonly string[], findings: Findings) {
  const known = [...DETECTORS.map(({ name }) => name), ...own]
  for (const [index, name] of (leak_scan.detectors ?? []).entries()) {
    if (detectorByName(name) === undefined && !own.includes(name))
      findings.issue(
        ['leak_scan', 'detectors', index],
        `unknown detector ${quoted(name)}`,
        didYouMean(name, known) ?? 'docs/reference/detectors.md lists them',
      )
  }
  for (const [index, path] of leak_scan.ignore.entries()) {
    const parsed = parsePath(path)
    if (typeof parsed === 'string')
      findings.issue(
        ['leak_scan', 'ignore', index],
        parsed,
        'Paths look like attributes.user.email, body or resource.**',
      )
  }
  if (leak_scan.inline === 'seal' && !Object.hasOwn(recipients, 'default') && !Object.hasOwn(groups, 'default'))
    findings.issue(
      ['leak_scan', 'inline'],
      'there is no recipient or group named default, for whom the scan would seal',
      'add a group default, or choose report or refuse',
    )
}

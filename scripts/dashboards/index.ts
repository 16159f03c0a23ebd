import { jsonText } from '../generate/json-text.ts'
import { DEBUG } from './debug.ts'
import { EXECUTIVE } from './executive.ts'
import { grafanaDashboard } from './grafana.ts'
import { ON_CALL } from './on-call.ts'
import type { Dashboard } from './panel.ts'

/** By the name of the file in `deploy/grafana/`. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  'executive.json': EXECUTIVE,
  'on-call.json': ON_CALL,
  'debug.json': DEBUG,
}

/** What is generated, by path. */
export function dashboardFiles(): Record<string, () => string> {
  return Object.fromEntries(
    Object.entries(DASHBOARDS).map(([name, dashboard]) => [
      `deploy/grafana/${name}`,
      () => jsonText(grafanaDashboard(dashboard)),
    ]),
  )
}

import type { Dashboard, Panel, Threshold } from './panel.ts'

/** The model of dashboards of Grafana 10.0. Later versions read it and bring it up to date themselves. */
const SCHEMA_VERSION = 38

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the choice of the reader there.
const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' }
const COLUMNS = 24
const HEIGHTS: Readonly<Record<Panel['kind'], number>> = { stat: 5, timeseries: 8, bargauge: 8, heatmap: 8, table: 8 }

/** A dashboard as Grafana imports and provisions it. */
export function grafanaDashboard({ uid, title, description, from, refresh, rows }: Dashboard): object {
  return {
    annotations: { list: [] },
    description,
    editable: true,
    graphTooltip: 1,
    links: [
      {
        asDropdown: true,
        icon: 'external link',
        includeVars: true,
        keepTime: true,
        tags: ['fieldseal'],
        title: 'Fieldseal',
        type: 'dashboards',
      },
    ],
    panels: placed(rows),
    refresh,
    schemaVersion: SCHEMA_VERSION,
    tags: ['fieldseal'],
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {}, hide: 0 },
        {
          name: 'job',
          label: 'Job',
          type: 'query',
          datasource: DATA_SOURCE,
          definition: 'label_values(fieldseal_ready, job)',
          query: { query: 'label_values(fieldseal_ready, job)', refId: 'job' },
          refresh: 2,
          includeAll: true,
          multi: true,
          allValue: '.*',
          current: { selected: true, text: ['All'], value: ['$__all'] },
          sort: 1,
          hide: 0,
        },
      ],
    },
    time: { from, to: 'now' },
    timepicker: {},
    timezone: 'browser',
    title,
    uid,
    version: 1,
  }
}

/** From left to right, from top to bottom. */
function placed(rows: Dashboard['rows']): object[] {
  const panels: object[] = []
  let y = 0
  let id = 1
  for (const row of rows) {
    panels.push({
      collapsed: false,
      gridPos: { h: 1, w: COLUMNS, x: 0, y },
      id,
      panels: [],
      title: row.title,
      type: 'row',
    })
    id += 1
    y += 1
    let x = 0
    let height = 0
    for (const panel of row.panels) {
      const w = panel.width ?? (panel.kind === 'stat' ? 6 : 12)
      if (x + w > COLUMNS) {
        x = 0
        y += height
        height = 0
      }
      const h = HEIGHTS[panel.kind]
      panels.push(grafanaPanel(panel, id, { h, w, x, y }))
      id += 1
      x += w
      height = Math.max(height, h)
    }
    y += height
  }
  return panels
}

function grafanaPanel(panel: Panel, id: number, gridPos: object): object {
  const isInstant = panel.kind === 'table' || panel.kind === 'stat'
  return {
    datasource: DATA_SOURCE,
    description: panel.description,
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        ...(panel.thresholds === undefined
          ? {}
          : { color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps: panel.thresholds.map(step) } }),
        ...(panel.kind === 'timeseries' ? timeseriesDefaults(panel) : {}),
      },
      overrides: [],
    },
    gridPos,
    id,
    options: OPTIONS[panel.kind],
    targets: panel.queries.map(({ expr, legend }, index) => ({
      datasource: DATA_SOURCE,
      editorMode: 'code',
      expr,
      instant: isInstant,
      range: !isInstant,
      refId: String.fromCharCode(65 + index),
      ...(panel.kind === 'table' ? { format: 'table' } : panel.kind === 'heatmap' ? { format: 'heatmap' } : {}),
      ...(legend === undefined ? {} : { legendFormat: legend }),
    })),
    title: panel.title,
    ...(panel.kind === 'table' ? { transformations: [columns(panel)] } : {}),
    type: panel.kind,
  }
}

function step([color, value]: Threshold): object {
  return { color, value }
}

/** A line at each threshold; series keep the colours of the palette. */
function timeseriesDefaults({ thresholds }: Panel): object {
  return {
    color: { mode: 'palette-classic' },
    custom: {
      drawStyle: 'line',
      fillOpacity: 10,
      lineWidth: 1,
      showPoints: 'never',
      thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'line' },
    },
    min: 0,
  }
}

const OPTIONS: Readonly<Record<Panel['kind'], object>> = {
  stat: {
    colorMode: 'background',
    graphMode: 'none',
    justifyMode: 'auto',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    textMode: 'value',
  },
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  bargauge: { displayMode: 'basic', orientation: 'horizontal', showUnfilled: true },
  heatmap: {
    calculate: false,
    cellGap: 1,
    color: { mode: 'scheme', scheme: 'Blues', steps: 64 },
    yAxis: { unit: 's' },
  },
  table: { cellHeight: 'sm', showHeader: true },
}

/** Without the time, with names that people read. */
function columns(panel: Extract<Panel, { kind: 'table' }>): object {
  return {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(Object.keys(panel.columns).map((name, index) => [name, index])),
      renameByName: { ...panel.columns, Value: panel.value },
    },
  }
}

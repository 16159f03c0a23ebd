/** Colour from a value on: green is the first, without a value. */
export type Threshold = readonly [color: 'green' | 'yellow' | 'orange' | 'red', from: number | null]

/** A query of PromQL, and what its series are called: `{{fieldseal_sink}}`. */
export interface Query {
  readonly expr: string
  readonly legend?: string
}

interface PanelFacts {
  readonly title: string
  /** One or two sentences in plain words. */
  readonly description: string
  /** As Grafana names it: `percentunit`, `s`, `bytes`, `reqps`, `d`, `short`. */
  readonly unit: string
  readonly queries: readonly Query[]
  readonly thresholds?: readonly Threshold[]
  /** Of 24. Default: 6 for a number, 12 for the rest. */
  readonly width?: number
}

export type Panel = PanelFacts &
  (
    | { readonly kind: 'stat' | 'timeseries' | 'bargauge' | 'heatmap' }
    /** Labels that become columns, and what they are called. */
    | { readonly kind: 'table'; readonly columns: Readonly<Record<string, string>>; readonly value: string }
  )

export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

export interface Dashboard {
  /** Stable: links and bookmarks use it. */
  readonly uid: string
  readonly title: string
  readonly description: string
  /** What is shown at first, such as `now-24h`. */
  readonly from: string
  readonly refresh: string
  readonly rows: readonly Row[]
}

/** More is worse. */
export function rising(yellow: number, red: number): Threshold[] {
  return [
    ['green', null],
    ['yellow', yellow],
    ['red', red],
  ]
}

/** Less is worse. */
export function falling(yellow: number, green: number): Threshold[] {
  return [
    ['red', null],
    ['yellow', yellow],
    ['green', green],
  ]
}

/**
 * The exposition format of Prometheus, "Text format details". Each Prometheus accepts it, whatever it prefers, and there
 * is no other one here to choose.
 */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

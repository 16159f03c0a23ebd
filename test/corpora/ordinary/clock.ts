import type { Random } from './random.ts'

/** July 2026, in milliseconds. */
const START = 1_785_000_000_000
const YEAR = 31_536_000_000

export function moment(random: Random): Date {
  return new Date(START + Math.floor(random.fraction() * YEAR))
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function iso(random: Random): string {
  const text = moment(random).toISOString()
  return random.pick([
    text,
    text.replace('Z', '+00:00'),
    text.replace(/\.\d+Z/, 'Z'),
    text.replace('T', ' ').slice(0, 23),
  ])
}

/** `Aug 17 12:44:05`. */
export function syslogTime(random: Random): string {
  const at = moment(random)
  return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`
}

/** `17/Aug/2026:12:44:05 +0200`. */
export function commonLogTime(random: Random): string {
  const at = moment(random)
  const day = String(at.getUTCDate()).padStart(2, '0')
  const zone = random.pick(['+0000', '+0200', '-0700'])
  return `${day}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} ${zone}`
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970. */
export function epoch(random: Random): string {
  const milliseconds = String(moment(random).getTime())
  const finer = random.digits(6)
  return random.pick([milliseconds.slice(0, 10), milliseconds, milliseconds + finer.slice(0, 3), milliseconds + finer])
}

/** `260817`, `20260817`, `170826`. */
export function compactDate(random: Random): string {
  const [year, month, day] = moment(random).toISOString().slice(0, 10).split('-') as [string, string, string]
  return random.pick([year.slice(2) + month + day, year + month + day, day + month + year.slice(2)])
}

/** `1244`, `124405`. */
export function compactTime(random: Random): string {
  const text = moment(random).toISOString().slice(11, 19).replaceAll(':', '')
  return random.pick([text.slice(0, 4), text])
}

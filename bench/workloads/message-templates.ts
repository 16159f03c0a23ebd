import { SeededRandom } from './random.ts'

/** A message with places to fill in: `{n}` a number, `{ms}` a time, `{path}`, `{peer}`, `{id}`, `{who}`. */
export type MessageTemplate = readonly string[]

const EVENTS = [
  'request {path} finished for {who} after {ms} ms with {n} rows read and {n} rows written',
  'retrying call to {peer} for {who}: attempt {n} failed after {ms} ms, backing off before the next one',
  'order {id} accepted from {who} and queued behind {n} others, expected to start in {ms} ms',
  'cache lookup under {path} missed for {who}; loading {n} entries from {peer} took {ms} ms',
  'session {id} of {who} extended by {n} seconds after activity on {path}',
  'circuit breaker towards {peer} half open after {n} failures; probing with the request of {who}',
  'worker {n} picked up job {id} submitted by {who}, {n} jobs are still waiting',
  'payment step {n} for {who} settled by {peer} in {ms} ms, reference {id}',
  'slow query on {path}: {ms} ms, {n} rows scanned, plan {id}, asked for by {who}',
  'message {id} for {who} published to partition {n} and acknowledged by {peer} in {ms} ms',
  'feature flag evaluation for {who} fell back to the default on {path}, {n} rules were tried',
  'upload {id} by {who} stored as {n} parts, checksum verified by {peer} in {ms} ms',
  'rate limit for {who} at {n} of the allowed requests on {path}, window resets in {ms} ms',
  'connection pool to {peer} grew to {n} connections while {who} waited {ms} ms',
  'token refresh for {who} succeeded via {peer}, {n} scopes granted, request {id}',
  'notification {id} for {who} rendered from template {n} and handed to {peer}',
]

const DETAILS = [
  'upstream answered with status {n} and a body of {n} bytes',
  'deadline left: {ms} ms, hedged requests so far: {n}',
  'the shard map was read from {path} at generation {n}',
  'circuit state closed, success rate over the last window was {n} permille',
  'queue depth is {n}, oldest entry waited {ms} ms',
  'lock {id} was held by {peer} for {ms} ms',
  'garbage collection paused the process for {ms} ms in generation {n}',
  'the idempotency key {id} had not been seen before',
  'replica lag behind {peer} is {ms} ms',
  'fallback content was served from {path}',
  'batch contained {n} items, {n} of them were new',
  'schema revision {n} was applied without changes',
  'the response was compressed from {n} to {n} bytes',
  'index {path} is at {n} percent of its planned size',
  'thread pool has {n} idle and {n} busy workers',
  'the client asked for fields in {n} languages',
]

const CLOSINGS = [
  'no action needed',
  'will be retried by the scheduler',
  'see the runbook for {peer}',
  'correlation {id}',
  'next check in {ms} ms',
  'trace sampling kept this one',
  'reported by node {n}',
  'configuration generation {n}',
]

/** 512 messages, put together from parts with a fixed seed; long enough to fill 300 bytes with the values in place. */
export const MESSAGE_TEMPLATES: readonly MessageTemplate[] = (() => {
  const random = new SeededRandom(512)
  return Array.from({ length: 512 }, () => {
    const details = random.sample(5, DETAILS.length).map((index) => DETAILS[index])
    return `${random.pick(EVENTS)}; ${details.join('; ')}; ${random.pick(CLOSINGS)}`.split(/(\{[a-z]+\})/)
  })
})()

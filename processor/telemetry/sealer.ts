import { recorder } from './instruments.ts'

const NO_ATTRIBUTES = {}

/** Told of the work of a sealer, and reports it. Never throws. */
export const SEALER_REPORT = {
  sealed(milliseconds: number): void {
    recorder()?.record('fieldseal.seal.duration', milliseconds / 1000, NO_ATTRIBUTES)
  },
  epochsBegun(count: number): void {
    recorder()?.add('fieldseal.epoch.begun', count, NO_ATTRIBUTES)
  },
  epochEnded(wraps: number): void {
    recorder()?.record('fieldseal.epoch.wraps', wraps, NO_ATTRIBUTES)
  },
}

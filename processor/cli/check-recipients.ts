import type { LoadedConfig } from '../config/load.ts'
import { FieldsealError } from '../errors.ts'
import { headerTemplate } from '../jwe/envelope.ts'
import { Sealer } from '../jwe/sealer.ts'

/**
 * Seals a probe for each recipient by itself and writes one line for each.
 *
 * @returns the exit code: 0, or that of the first failure.
 */
export function checkRecipients(loaded: LoadedConfig, stdout: NodeJS.WritableStream): number {
  const { sealing, limits } = loaded.settings
  const sealer = new Sealer({
    strict: true,
    maxAgeMs: sealing.epoch.max_age,
    maxWraps: sealing.epoch.max_wraps,
    maxValueBytes: limits.value,
  })
  const header = headerTemplate({ cty: 'text', path: 'body' })
  let exit = 0
  for (const [name, recipient] of loaded.recipients) {
    try {
      const to = sealer.recipientSet([recipient])
      sealer.seal([{ to, header, plaintext: Buffer.from('p'), serialization: 'general' }])
      stdout.write(`${name}: ok (${recipient.alg}${recipient.crv === undefined ? '' : `, ${recipient.crv}`})\n`)
    } catch (error) {
      if (!(error instanceof FieldsealError)) throw error
      stdout.write(`${name}: ${error.code}: ${error.message}\n`)
      if (exit === 0) exit = error.exit
    }
  }
  sealer.close()
  return exit
}

import { generalDecrypt, importJWK } from 'jose'
import { holds } from './claims.ts'
import { plainRecords } from './otlp-records.ts'
import { SHOWN } from './sample.ts'
import type { Screen } from './screen.ts'
import type { SetUp } from './set-up.ts'

/** Opens one sealed value without Fieldseal: with the library `jose`. */
export async function openWithJose(sealed: Buffer, privateKeys: SetUp['privateKeys'], screen: Screen): Promise<void> {
  const { user } = plainRecords(sealed)[SHOWN]!.attributes as { user: { email: string } }
  const jwe = JSON.parse(user.email)
  const key = await importJWK(privateKeys.dpo, 'ECDH-ES+A256KW')
  const { plaintext, protectedHeader } = await generalDecrypt(jwe, key)
  const text = Buffer.from(plaintext).toString()
  holds('jose opens the value', text === 'jane.doe@example.com')
  holds('the value says where it was', protectedHeader?.path === 'attributes.user.email')

  const stranger = await importJWK(privateKeys.stranger, 'ECDH-ES+A256KW')
  const refusal = await generalDecrypt(jwe, stranger).catch((error: { code?: string }) => error.code)
  holds("jose refuses a stranger's key", refusal === 'ERR_JWE_DECRYPTION_FAILED')

  screen.title('Without Fieldseal')
  screen.line(`  The library jose, with the key of "dpo": user.email is ${screen.paint('bold', text)}`)
  screen.line(`  The library jose, with a stranger's key: ${refusal}`)
  screen.line('  A sealed value is a standard JWE (RFC 7516): it opens wherever there is a JOSE library.')
}

import { constants } from 'node:crypto'

/** RSA-OAEP-256: OAEP with SHA-256 for the label and for MGF1 (RFC 7518 section 4.3). */
export const OAEP_SHA256 = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const

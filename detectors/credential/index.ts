import type { Detector } from '../detector.ts'
import { awsAccessKeyId } from './aws-access-key-id.ts'
import { jwt } from './jwt.ts'
import { privateKey } from './private-key.ts'
import { urlCredentials } from './url-credentials.ts'

export const CREDENTIAL: readonly Detector[] = [jwt, privateKey, awsAccessKeyId, urlCredentials]

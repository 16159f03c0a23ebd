import type { Detector } from '../detector.ts'
import { aiServiceKey, anthropicKey, huggingFaceToken, openaiKey } from './ai-services.ts'
import { awsAccessKeyId } from './aws-access-key-id.ts'
import { awsSecretAccessKey, awsSessionToken } from './aws-keys.ts'
import { azureAccountKey, azureClientSecret, azureDevopsToken } from './azure.ts'
import { authorizationHeader, oauthSecret, password, recoveryCode, sessionToken } from './by-key.ts'
import { chatWebhook, discordToken, telegramToken } from './chat.ts'
import { alibabaAccessKeyId, cloudHostToken, herokuKey } from './cloud-hosts.ts'
import { connectionString } from './connection-string.ts'
import { dataPlatformToken } from './data-platforms.ts'
import { genericSecret, highEntropyString, secretField } from './generic-secret.ts'
import { githubToken, npmToken } from './github.ts'
import { gitlabToken } from './gitlab.ts'
import { gcpApiKey, gcpServiceAccount, googleOauthToken } from './google.ts'
import { basicCredentials, bearerToken, digestCredentials } from './http-authorization.ts'
import { jwt } from './jwt.ts'
import {
  ageKey,
  encodedPrivateKey,
  netrcPassword,
  otpauthUrl,
  pkcs12File,
  totpSeed,
  wireguardKey,
} from './key-material.ts'
import { kubernetesSecret } from './kubernetes.ts'
import { mailgunKey, mailServiceKey, twilioKey } from './mail-services.ts'
import { datadogKey, grafanaToken, monitoringKey } from './monitoring.ts'
import { packageRegistryToken } from './package-registries.ts'
import { passwordAssignment } from './password.ts'
import { ntlmHash, passwordHash } from './password-hash.ts'
import { paymentServiceKey, shopifyToken, stripeKey } from './payment-services.ts'
import { privateKey } from './private-key.ts'
import { oktaToken, secretStoreToken } from './secret-stores.ts'
import { slackToken } from './slack.ts'
import { urlCredentials } from './url-credentials.ts'
import { atlassianToken, workToolToken } from './work-tools.ts'

export const CREDENTIAL: readonly Detector[] = [
  jwt,
  privateKey,
  urlCredentials,
  awsAccessKeyId,
  awsSecretAccessKey,
  awsSessionToken,
  azureAccountKey,
  azureClientSecret,
  azureDevopsToken,
  gcpApiKey,
  googleOauthToken,
  gcpServiceAccount,
  alibabaAccessKeyId,
  cloudHostToken,
  herokuKey,
  githubToken,
  gitlabToken,
  npmToken,
  packageRegistryToken,
  slackToken,
  chatWebhook,
  discordToken,
  telegramToken,
  mailServiceKey,
  mailgunKey,
  twilioKey,
  stripeKey,
  paymentServiceKey,
  shopifyToken,
  openaiKey,
  anthropicKey,
  huggingFaceToken,
  aiServiceKey,
  dataPlatformToken,
  grafanaToken,
  monitoringKey,
  datadogKey,
  secretStoreToken,
  oktaToken,
  atlassianToken,
  workToolToken,
  basicCredentials,
  bearerToken,
  digestCredentials,
  authorizationHeader,
  oauthSecret,
  sessionToken,
  password,
  passwordAssignment,
  connectionString,
  netrcPassword,
  genericSecret,
  secretField,
  highEntropyString,
  passwordHash,
  ntlmHash,
  encodedPrivateKey,
  pkcs12File,
  ageKey,
  wireguardKey,
  kubernetesSecret,
  otpauthUrl,
  totpSeed,
  recoveryCode,
]

import type { Detector } from '../detector.ts'
import { hostName } from './host-name.ts'
import { httpCookie } from './http-cookie.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { macAddress } from './mac-address.ts'
import { advertisingId, iccid, imei, imsi } from './mobile-device.ts'
import { signedUrl } from './signed-url.ts'
import { userAgent } from './user-agent.ts'
import { uuid } from './uuid.ts'

export const NETWORK: readonly Detector[] = [
  ipv4,
  ipv6,
  macAddress,
  signedUrl,
  httpCookie,
  imei,
  imsi,
  iccid,
  advertisingId,
  uuid,
  hostName,
  userAgent,
]

import type { Detector } from '../detector.ts'
import { ilId, ngNin, zaId, zaIdLabelled } from './africa-middle-east.ts'
import { cnRic } from './china.ts'
import { hkHkid, hkHkidLabelled } from './hong-kong.ts'
import {
  inAadhaar,
  inAadhaarLabelled,
  inAadhaarVid,
  inEpic,
  inGstin,
  inGstinLabelled,
  inPan,
  inPanLabelled,
  inPassport,
} from './india.ts'
import { jpMyNumber } from './japan.ts'
import { krBrn, krDriverLicense, krFrn, krFrnLabelled, krPassport, krRrn, krRrnLabelled } from './korea.ts'
import { auAbn, auAcn, auTfn, nzIrd } from './oceania.ts'
import { sgNricFin, sgUen, sgUenLabelled } from './singapore.ts'
import { lkNic, pkCnic } from './south-asia.ts'
import { idNik, idNpwp, myNric, phTin, thTnin, thTninLabelled, vnCccd, vnCmnd, vnMst } from './south-east-asia.ts'
import { twId } from './taiwan.ts'

/** Numbers of Africa, Asia and the Pacific. */
export const AFRICA_ASIA_PACIFIC: readonly Detector[] = [
  ilId,
  zaId,
  zaIdLabelled,
  ngNin,
  inAadhaar,
  inAadhaarLabelled,
  inAadhaarVid,
  inPan,
  inPanLabelled,
  inGstin,
  inGstinLabelled,
  inEpic,
  inPassport,
  pkCnic,
  lkNic,
  cnRic,
  hkHkid,
  hkHkidLabelled,
  twId,
  jpMyNumber,
  krRrn,
  krRrnLabelled,
  krFrn,
  krFrnLabelled,
  krBrn,
  krDriverLicense,
  krPassport,
  sgNricFin,
  sgUen,
  sgUenLabelled,
  thTnin,
  thTninLabelled,
  phTin,
  idNik,
  idNpwp,
  myNric,
  vnCccd,
  vnCmnd,
  vnMst,
  auTfn,
  auAbn,
  auAcn,
  nzIrd,
]

import type { Detector } from '../detector.ts'
import { atVnr, chAhv } from './austria-switzerland.ts'
import { eeIk, ltAk, lvPk } from './baltics.ts'
import { beNn, beNnLabelled, luNin, luNinLabelled, nlBsn } from './benelux.ts'
import { czSkRodneCislo, czSkRodneCisloLabelled, huTin, plNip, plPesel } from './central-europe.ts'
import { frCni, frNif, frNir, frNirLabelled, frPassport } from './france.ts'
import { deHandelsregister, deIdCard, deIdnr, dePassport, deRvnr, deSteuernummer, deVehiclePlate } from './germany.ts'
import { esNif, esNifLabelled, esNuss, ptCc, ptNif } from './iberia.ts'
import { iePps, iePpsLabelled } from './ireland.ts'
import { grAmka, grTin, itCodiceFiscale, itPiva } from './italy-greece.ts'
import {
  dkCpr,
  dkCprLabelled,
  fiHetu,
  noFodselsnummer,
  seOrgnr,
  sePersonnummer,
  sePersonnummerLabelled,
} from './nordics.ts'
import { bgEgn, hrOib, roCnp, siEmso, siTin, trTckn } from './south-east-europe.ts'
import { ukDrivingLicence, ukNino, ukNinoLabelled, ukTrn, ukUtr, ukVehiclePlate } from './united-kingdom.ts'

/** The numbers of European countries, from west to east and from south to north. */
export const EUROPE: readonly Detector[] = [
  ukNino,
  ukNinoLabelled,
  ukUtr,
  ukTrn,
  ukDrivingLicence,
  ukVehiclePlate,
  iePps,
  iePpsLabelled,
  deIdnr,
  deRvnr,
  deIdCard,
  dePassport,
  deSteuernummer,
  deHandelsregister,
  deVehiclePlate,
  atVnr,
  chAhv,
  frNir,
  frNirLabelled,
  frNif,
  frCni,
  frPassport,
  beNn,
  beNnLabelled,
  nlBsn,
  luNin,
  luNinLabelled,
  esNif,
  esNifLabelled,
  esNuss,
  ptNif,
  ptCc,
  itCodiceFiscale,
  itPiva,
  grAmka,
  grTin,
  plPesel,
  plNip,
  czSkRodneCislo,
  czSkRodneCisloLabelled,
  huTin,
  siEmso,
  siTin,
  hrOib,
  bgEgn,
  roCnp,
  trTckn,
  eeIk,
  ltAk,
  lvPk,
  sePersonnummer,
  sePersonnummerLabelled,
  seOrgnr,
  fiHetu,
  noFodselsnummer,
  dkCpr,
  dkCprLabelled,
]

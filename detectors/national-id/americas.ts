import type { Detector } from '../detector.ts'
import { coCedula, coNit, coNitLabelled, peDni, peRuc, veCedula, veRif, veRifLabelled } from './andean-states.ts'
import { brCnpj, brCnpjLabelled, brCpf, brCpfLabelled } from './brazil.ts'
import { caSin, caSinLabelled } from './canada.ts'
import { mxCurp, mxRfc, mxRfcLabelled } from './mexico.ts'
import {
  arCuit,
  arCuitLabelled,
  arDni,
  clRut,
  clRutLabelled,
  pyCedula,
  pyRuc,
  uyCedula,
  uyRut,
} from './southern-cone.ts'
import { usAtin, usEin, usItin, usItinLabelled, usPtin, usSsnLabelled } from './united-states.ts'
import { usDriverLicense, usPassport } from './us-documents.ts'

/** Numbers of the Americas, from north to south; `us_ssn` has a file and a line of its own. */
export const AMERICAS: readonly Detector[] = [
  usSsnLabelled,
  usItin,
  usItinLabelled,
  usEin,
  usPtin,
  usAtin,
  usDriverLicense,
  usPassport,
  caSin,
  caSinLabelled,
  mxCurp,
  mxRfc,
  mxRfcLabelled,
  brCpf,
  brCpfLabelled,
  brCnpj,
  brCnpjLabelled,
  clRut,
  clRutLabelled,
  arCuit,
  arCuitLabelled,
  arDni,
  uyCedula,
  uyRut,
  pyRuc,
  pyCedula,
  coNit,
  coNitLabelled,
  coCedula,
  peDni,
  peRuc,
  veRif,
  veRifLabelled,
  veCedula,
]

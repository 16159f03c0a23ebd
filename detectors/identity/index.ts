import type { Detector } from '../detector.ts'
import { dateOfBirth } from './birth.ts'
import {
  age,
  ethnicity,
  gender,
  maritalStatus,
  nationality,
  politicalOpinion,
  religion,
  sexualOrientation,
  tradeUnion,
} from './demographics.ts'
import { passportMrz, passportNumber } from './passport.ts'
import { personName } from './person.ts'
import { cnVehiclePlate, inVehiclePlate, ngVehiclePlate, trVehiclePlate, vin, vinLabelled } from './vehicle.ts'

export const IDENTITY: readonly Detector[] = [
  personName,
  dateOfBirth,
  age,
  gender,
  ethnicity,
  religion,
  politicalOpinion,
  tradeUnion,
  sexualOrientation,
  maritalStatus,
  nationality,
  passportMrz,
  passportNumber,
  inVehiclePlate,
  ngVehiclePlate,
  trVehiclePlate,
  cnVehiclePlate,
  vin,
  vinLabelled,
]

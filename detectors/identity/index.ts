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
import { personName } from './person.ts'

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
]

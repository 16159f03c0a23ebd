/** A kind of value that both Presidio and the catalogue know. */
export interface Row {
  /** Presidio's recognizer. */
  readonly recognizer: string
  /** Those of ours that look for the same, one of which is enough. */
  readonly detectors: readonly string[]
  /** A name that a developer would give the field; it opens those detectors that need it. */
  readonly key: string
}

function row(recognizer: string, key: string, ...detectors: readonly string[]): Row {
  return { recognizer, key, detectors }
}

export const ROWS: readonly Row[] = [
  row('CreditCardRecognizer', 'card_number', 'payment_card'),
  row('IbanRecognizer', 'iban', 'iban'),
  row('EmailRecognizer', 'email', 'email'),
  row('IpRecognizer', 'client_ip', 'ipv4', 'ipv6'),
  row('MacAddressRecognizer', 'mac_address', 'mac_address'),
  row('PhoneRecognizer', 'phone_number', 'phone_e164', 'phone'),
  row('CryptoRecognizer', 'wallet', 'bitcoin_address'),
  row('DateRecognizer', 'date_of_birth', 'date_of_birth'),
  row('AbaRoutingRecognizer', 'routing_number', 'aba_routing'),
  row('UsBankRecognizer', 'bank_account_number', 'us_bank_account'),
  row('NhsRecognizer', 'nhs_number', 'uk_nhs'),
  row('UsNpiRecognizer', 'npi', 'us_npi'),
  row('MedicalLicenseRecognizer', 'dea_number', 'us_dea'),
  row('UsMbiRecognizer', 'mbi', 'us_mbi'),
  row('AuMedicareRecognizer', 'medicare_number', 'au_medicare'),
  row('DeHealthInsuranceRecognizer', 'kvnr', 'de_kvnr'),
  row('DeLanrRecognizer', 'lanr', 'de_lanr'),
  row('DeBsnrRecognizer', 'bsnr', 'de_bsnr'),
  row('UsSsnRecognizer', 'ssn', 'us_ssn', 'us_ssn_labelled'),
  row('UsItinRecognizer', 'itin', 'us_itin'),
  row('UsLicenseRecognizer', 'driver_license', 'us_driver_license'),
  row('UsPassportRecognizer', 'passport_number', 'us_passport'),
  row('UkNinoRecognizer', 'nino', 'uk_nino', 'uk_nino_labelled'),
  row('UkDrivingLicenceRecognizer', 'driving_licence', 'uk_driving_licence'),
  row('CaSinRecognizer', 'sin', 'ca_sin'),
  row('AuTfnRecognizer', 'tfn', 'au_tfn'),
  row('AuAbnRecognizer', 'abn', 'au_abn'),
  row('AuAcnRecognizer', 'acn', 'au_acn'),
  row('DeTaxIdRecognizer', 'steuer_id', 'de_idnr'),
  row('DeSocialSecurityRecognizer', 'rvnr', 'de_rvnr'),
  row('DeIdCardRecognizer', 'personalausweis', 'de_id_card'),
  row('DePassportRecognizer', 'reisepass', 'de_passport'),
  row('DeTaxNumberRecognizer', 'steuernummer', 'de_steuernummer'),
  row('DeHandelsregisterRecognizer', 'handelsregister', 'de_handelsregister'),
  row('DeVatIdRecognizer', 'ust_idnr', 'eu_vat'),
  row('DePlzRecognizer', 'postleitzahl', 'postcode'),
  row('UkPostcodeRecognizer', 'postcode', 'postcode'),
  row('DeKfzRecognizer', 'kennzeichen', 'de_vehicle_plate'),
  row('UkVehicleRegistrationRecognizer', 'vehicle_registration', 'uk_vehicle_plate'),
  row('InVehicleRegistrationRecognizer', 'vehicle_registration', 'in_vehicle_plate'),
  row('NgVehicleRegistrationRecognizer', 'plate_number', 'ng_vehicle_plate'),
  row('TrLicensePlateRecognizer', 'plaka', 'tr_vehicle_plate'),
  row('EsNifRecognizer', 'nif', 'es_nif'),
  row('EsNieRecognizer', 'nie', 'es_nie'),
  row('ItFiscalCodeRecognizer', 'codice_fiscale', 'it_codice_fiscale'),
  row('ItVatCodeRecognizer', 'partita_iva', 'it_piva'),
  row('PlPeselRecognizer', 'pesel', 'pl_pesel'),
  row('SePersonnummerRecognizer', 'personnummer', 'se_personnummer', 'se_personnummer_labelled'),
  row('SeOrganisationsnummerRecognizer', 'organisationsnummer', 'se_orgnr'),
  row('FiPersonalIdentityCodeRecognizer', 'hetu', 'fi_hetu'),
  row('TrNationalIdRecognizer', 'tc_kimlik_no', 'tr_tckn'),
  row('ZaIdNumberRecognizer', 'sa_id_number', 'za_id'),
  row('NgNinRecognizer', 'nin', 'ng_nin'),
  row('InAadhaarRecognizer', 'aadhaar', 'in_aadhaar'),
  row('InPanRecognizer', 'pan_number', 'in_pan'),
  row('InGstinRecognizer', 'gstin', 'in_gstin'),
  row('InVoterRecognizer', 'voter_id', 'in_epic'),
  row('InPassportRecognizer', 'passport_number', 'in_passport'),
  row('KrRrnRecognizer', 'rrn', 'kr_rrn'),
  row('KrFrnRecognizer', 'frn', 'kr_frn'),
  row('KrBrnRecognizer', 'brn', 'kr_brn'),
  row('KrDriverLicenseRecognizer', 'driver_license', 'kr_driver_license'),
  row('KrPassportRecognizer', 'passport_number', 'kr_passport'),
  row('SgFinRecognizer', 'nric', 'sg_nric'),
  row('SgUenRecognizer', 'uen', 'sg_uen'),
  row('ThTninRecognizer', 'thai_id', 'th_tnin'),
  row('PhTinRecognizer', 'tin', 'ph_tin'),
]

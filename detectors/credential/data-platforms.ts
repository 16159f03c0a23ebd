import { tokenDetector } from './token.ts'

export const dataPlatformToken = tokenDetector({
  name: 'data_platform_token',
  title: 'Token of a data platform',
  finds:
    'Tokens of Databricks (`dapi` and 32 hexadecimal digits), PlanetScale (`pscale_tkn_`, `pscale_pw_`, `pscale_oauth_`), MongoDB Atlas (`mdb_sa_sk_`), Confluent (`cflt`), ClickHouse Cloud (`4b1d`), Prefect (`pnu_`, `pnb_`), Neon (`napi_`) and dbt Cloud (`dbtc_`, `dbtu_`), by prefix, alphabet and length.',
  misses: 'Snowflake, whose tokens are JSON web tokens, Confluent’s from before 2025, and others without a prefix.',
  shapes: [
    { shape: 'dapi[0-9a-f]{32}(?:-[0-9]{1,2})?' },
    { shape: 'pscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.=-]{32,64}' },
    { shape: 'mdb_sa_sk_[0-9A-Za-z_-]{40}' },
    { shape: 'cflt[0-9A-Za-z+/]{60}', accept: hasDigit },
    { shape: '4b1d[0-9A-Za-z]{38}', accept: hasDigit },
    { shape: 'pn[ub]_[0-9A-Za-z]{36}' },
    { shape: 'napi_[0-9a-z]{64}' },
    { shape: 'dbt[cu]_[0-9A-Za-z_-]{36,44}' },
  ],
  examples: [['DATABRICKS_TOKEN=da', 'pi0badc0de0badcafe0123456789abcdef'].join('')],
})

/** A digest that begins with the same four characters is of hexadecimal digits alone. */
function hasDigit(token: string): boolean {
  return /[0-9]/.test(token) && /[g-z]/.test(token) && /[A-Z]/.test(token)
}

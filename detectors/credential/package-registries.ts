import { tokenDetector } from './token.ts'

export const packageRegistryToken = tokenDetector({
  name: 'package_registry_token',
  title: 'Token of a package registry',
  finds:
    'Tokens that may publish packages: PyPI and TestPyPI (`pypi-`, a macaroon that names the registry), RubyGems (`rubygems_`), crates.io (`cio`), NuGet (`oy2`), Docker Hub (`dckr_pat_`, `dckr_oat_`), Clojars (`CLOJARS_`) and JFrog Artifactory (`AKCp`, and reference tokens, base64 of `reftkn`), by prefix, alphabet and length.',
  misses:
    'Registries whose tokens have no prefix (Maven Central, Hex, private ones). npm’s have a detector of their own.',
  shapes: [
    { shape: 'pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[0-9A-Za-z_-]{50,4000}' },
    { shape: 'rubygems_[0-9a-f]{48}' },
    { shape: 'cio[0-9A-Za-z]{32}', accept: isMixed },
    { shape: 'oy2[a-z2-7]{43}' },
    { shape: 'dckr_[po]at_[0-9A-Za-z_-]{27,32}' },
    { shape: 'CLOJARS_[0-9a-f]{60}' },
    { shape: 'AKCp[0-9A-Za-z]{69}', accept: isMixed },
    { shape: 'cmVmdGtu[0-9A-Za-z]{56}', accept: isMixed },
  ],
  examples: ['gem push --key rubygems_0badc0de0badcafe0123456789abcdeffedcba9876543210'],
})

/** Short prefixes are found in words as well: words have no digits, and are of one case. */
function isMixed(token: string): boolean {
  return /[0-9]/.test(token) && /[a-z]/.test(token) && /[A-Z]/.test(token)
}

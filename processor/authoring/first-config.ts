/**
 * A first configuration.
 *
 * @param rules - the rule file, relative to the configuration.
 * @param publicKey - that of the one recipient, `dpo`.
 */
export function firstConfig(rules: string, publicKey: string): string {
  return `# Who may read what is sealed, and which rules hold. Paths are relative to the folder of this file.
#
#   fieldseal validate -c config.yaml --check-recipients

# Public keys only. The private half belongs to those who read, and never on the machine that seals.
# For one more: fieldseal keys new security --dir keys
recipients:
  dpo: {jwk: ${publicKey}}

# Rules seal for groups by name, so that who is in them can change without changing the rules.
groups:
  default: [dpo]

# In this order. Packs that come with Fieldseal (rules/packs: default, gdpr, pci-dss, hipaa-safe-harbor, secrets) can be
# listed here as well.
rules:
  - ${rules}

# Where logs come from and where they go, for "fieldseal run": see docs/service.md. "fieldseal seal" needs neither.
`
}

import type { Random } from './random.ts'

const SERVICES = ['checkout', 'gateway', 'inventory', 'search', 'billing', 'auth', 'mailer', 'cart', 'ledger', 'web']

export function service(random: Random): string {
  return random.pick(SERVICES)
}

/** A pod as Kubernetes names it. */
export function pod(random: Random): string {
  const suffix = random.text('bcdfghjklmnpqrstvwxz2456789', 5)
  return `${service(random)}-${random.text('bcdf2456789', random.integer(8, 10))}-${suffix}`
}

export function host(random: Random): string {
  return random.pick([
    `ip-10-${random.integer(0, 255)}-${random.integer(0, 255)}-${random.integer(1, 254)}.eu-central-1.compute.internal`,
    `${service(random)}-${random.integer(1, 40)}.prod.svc.cluster.local`,
    `node${random.integer(1, 400)}`,
    `db${random.integer(1, 9)}.internal`,
  ])
}

export function address(random: Random): string {
  return random.pick([
    `10.${random.integer(0, 255)}.${random.integer(0, 255)}.${random.integer(1, 254)}`,
    `192.168.${random.integer(0, 255)}.${random.integer(1, 254)}`,
    `2001:db8::${random.hex(4)}:${random.hex(4)}`,
  ])
}

export function version(random: Random): string {
  const [a, b, c] = [random.integer(0, 30), random.integer(0, 40), random.integer(0, 900)]
  return random.pick([
    `${a}.${b}.${c}`,
    `v${a}.${b}.${c}-rc.${random.integer(1, 9)}`,
    `${a}.${b}.${c}+${random.hex(7)}`,
    `${a}:${b}.${c}-${random.integer(1, 9)}+deb12u${random.integer(1, 20)}`,
    `${a}.${b}.0-${random.digits(14)}-${random.hex(12)}`,
    `${random.integer(100, 999)}.${random.digits(4)}.${random.digits(4)}.${random.integer(10, 99)}`,
    `${a}.${b}.${c}.v20260${random.integer(1, 9)}${random.integer(10, 28)}-${random.digits(4)}`,
    `1.8.0_${random.integer(100, 400)}-b${random.integer(10, 20)}`,
  ])
}

import { compactDate } from './clock.ts'
import type { Kind } from './line.ts'
import { service, version } from './names.ts'

export const versions: Kind = (random) =>
  random.pick([
    () =>
      `${service(random)} ${version(random)} (build ${random.digits(9)}) on Linux 6.${random.integer(1, 16)}.0-${random.integer(1, 40)}-amd64`,
    () =>
      `npm warn deprecated ${service(random)}@${version(random)}: use @example/${service(random)}@^${random.integer(1, 9)} instead`,
    () => `Unpacking lib${service(random)}:amd64 (${version(random)}) over (${version(random)}) ...`,
    () =>
      `upgrade ${version(random)} -> ${version(random)}, ${random.integer(1, 9)} packages, License: MIT OR Apache-2.0`,
    () => `systemd[1]: Started getty@tty${random.integer(1, 6)}.service - Getty on tty${random.integer(1, 6)}.`,
    () =>
      `user@${random.integer(1000, 1100)}.service: Deactivated successfully. Consumed ${random.integer(1, 900)}.${random.digits(3)}s CPU time.`,
    () => `go: downloading golang.org/x/net v0.0.0-${random.digits(14)}-${random.hex(12)}`,
    () => `Cloning git@git.example:platform/${service(random)}.git at ${random.hex(7)}`,
    () =>
      `oracle 19.3.0.0.0 patch ${random.digits(8)} PSU ${compactDate(random)} p${random.digits(8)}_190000_Linux-x86-64.zip ${random.digits(5)} files`,
    () =>
      `build ${compactDate(random)}.${random.integer(1, 90)} release ${random.integer(2020, 2026)}.${random.integer(1, 12)}.${random.integer(1, 28)} KB${random.digits(7)}`,
    () =>
      `firmware ${random.text('ABCDEFGHJKLMNPQRSTUVWXYZ', 4)}${random.digits(2)}W (1.${random.digits(2)}) model ${random.text('ABCDEFGHJKLMNPQRSTUVWXYZ', 2)}-${random.digits(4)}${random.text('ABCDEFGH', 1)} revision ${random.digits(2)}/${random.digits(3)}/${random.digits(4)}`,
    () => `schema ${random.digits(14)}_add_card_token_to_orders.rb migrated in 0.${random.digits(4)}s`,
    () =>
      `bumped @types/node@22.${random.integer(1, 20)}.${random.integer(0, 9)} and eslint@${version(random)} to ${version(random)}`,
  ])()

import type { Kind } from './line.ts'
import type { Random } from './random.ts'

function bytes(random: Random, count: number, alphabet = '0123456789abcdef'): string[] {
  return Array.from({ length: count }, () => random.text(alphabet, 2))
}

export const hexDumps: Kind = (random) => {
  const offset = random.integer(0, 65535).toString(16)
  return random.pick([
    () =>
      `${offset.padStart(8, '0')}  ${bytes(random, 8).join(' ')}  ${bytes(random, 8).join(' ')}  |................|`,
    () => `${offset.padStart(8, '0')}: ${bytes(random, 16).join('').match(/.{4}/g)!.join(' ')}  ......@.........`,
    () =>
      `0x${offset.padStart(4, '0')}:  4500 ${bytes(random, 14, '0123456789').join('').match(/.{4}/g)!.join(' ')}  E..4..@.@.......`,
    () => `${offset.padStart(7, '0')} ${Array.from({ length: 8 }, () => random.text('01234567', 6)).join(' ')}`,
    () => `payload <Buffer ${bytes(random, 20).join(' ')} ... ${random.integer(1, 9000)} more bytes>`,
    () => `rx [${random.integer(1, 64)}] ${bytes(random, 12, '0123456789').join(' ')}`,
    () => `key ${bytes(random, 6).join(':')} mask ${bytes(random, 8, '0123456789').join('-')}`,
    () => `uint8[${Array.from({ length: 16 }, () => random.integer(0, 255)).join(', ')}]`,
    () =>
      `words ${Array.from({ length: 4 }, () => `0x${random.hex(8)}`).join(' ')} = ${Array.from({ length: 4 }, () => random.integer(0, 4294967295)).join(' ')}`,
    () =>
      `bcd ${random.digits(3)} ${random.digits(3)} ${random.digits(3)} ${random.digits(2)} / ${random.digits(4)} ${random.digits(3)} ${random.digits(2)}`,
    () => `\\x${bytes(random, 24).join('\\x')}`,
    () => `%${bytes(random, 24).join('%')}`,
  ])()
}

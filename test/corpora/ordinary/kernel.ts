import { syslogTime } from './clock.ts'
import type { Kind } from './line.ts'
import { host } from './names.ts'

export const kernel: Kind = (random) => {
  const uptime = `[${String(random.integer(0, 99999)).padStart(5)}.${random.text('0123456789', 6)}]`
  const ahv = `[  756.${random.digits(6)}]`
  const prefix = random.pick([
    () => `${syslogTime(random)} ${host(random)} kernel: ${uptime} `,
    () => `${uptime} `,
    () => `${ahv} `,
    () => `<${random.integer(0, 7)}>${uptime} `,
  ])()
  const pointer = () => `ffff${random.hex(12)}`
  return (
    prefix +
    random.pick([
      () =>
        `pci 0000:${random.hex(2)}:1f.${random.integer(0, 7)}: reg 0x10: [mem 0x${random.hex(8)}-0x${random.hex(8)} 64bit pref]`,
      () =>
        `usb 1-${random.integer(1, 9)}: New USB device found, idVendor=${random.hex(4)}, idProduct=${random.hex(4)}, bcdDevice= ${random.integer(1, 9)}.00`,
      () => `usb 2-3: SerialNumber: ${random.digits(random.integer(9, 16)).replace(/^[2-6]/, '1')}`,
      () => `RIP: 0010:tcp_v4_rcv+0x${random.hex(3)}/0x${random.hex(4)} RSP: 0018:${pointer()} EFLAGS: 00010246`,
      () => `RAX: ${pointer()} RBX: ${random.text('0123456789', 16).replace(/^./, '0')} RCX: ${pointer()}`,
      () => `BIOS-e820: [mem 0x${random.hex(16)}-0x${random.hex(16)}] usable`,
      () =>
        `sd 0:0:0:0: [sda] ${random.digits(9)} 512-byte logical blocks: (${random.integer(100, 999)} GB/${random.integer(100, 999)} GiB)`,
      () =>
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),task=java,pid=${random.integer(2, 99999)},uid=1000 total-vm:${random.digits(8)}kB`,
      () =>
        `audit: type=1400 audit(1785${random.digits(6)}.${random.digits(3)}:${random.integer(1, 9999)}): apparmor="STATUS" operation="profile_load" pid=${random.integer(2, 9999)}`,
      () => `TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.`,
      () => `ACPI: DSDT 0x${random.hex(16)} ${random.hex(6)} (v02 INTEL  EDK2     00000002      01000013)`,
      () =>
        `snd_hda_intel 0000:00:1f.3: sound card ${random.integer(0, 3)} pin ${random.integer(10, 40)} codec 0x${random.hex(8)}`,
      () =>
        `nvme nvme0: I/O ${random.integer(0, 1023)} (I/O Cmd) QID ${random.integer(1, 16)} timeout, aborting, cookie ${random.digits(10)}`,
      () =>
        `EXT4-fs (dm-${random.integer(0, 9)}): mounted filesystem ${random.uuid()} with ordered data mode. Quota mode: none.`,
    ])()
  )
}

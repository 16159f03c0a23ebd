import { compactDate, compactTime, epoch } from './clock.ts'
import type { Kind } from './line.ts'
import { cardDigits } from './luhn-by-chance.ts'
import { host, service } from './names.ts'

export const paths: Kind = (random) =>
  random.pick([
    () => `open /var/lib/docker/overlay2/${random.hex(64)}/merged/etc/passwd: no such file or directory`,
    () =>
      `/var/log/pods/prod_${service(random)}_${random.uuid()}/${service(random)}/${random.integer(0, 9)}.log rotated to ${compactDate(random)}-${compactTime(random)}.gz`,
    () =>
      `s3://backups/${service(random)}/2026/08/17/part-${random.text('0123456789', 5)}-${random.uuid()}-c000.snappy.parquet`,
    () => `C:\\Users\\Public\\AppData\\Local\\Temp\\${random.hex(8)}-${random.digits(4)}.tmp`,
    () =>
      `/tmp/${service(random)}.${random.text('ABCDEFabcdef0123456789', 10)}/core.${random.integer(1, 99999)}.${epoch(random)}`,
    () => `/sys/devices/pci0000:00/0000:00:1f.2/ata${random.integer(1, 6)}/host0/target0:0:0/block/sda`,
    () => `/data/${random.digits(3)}/${random.digits(3)}/${random.digits(3)}/${random.digits(9)}.jpg`,
    () => `IMG_${compactDate(random)}_${compactTime(random)}.jpg scan-${cardDigits(random)}.tiff logo@2x.png`,
    () =>
      `https://docs.example/guide/v${random.integer(1, 9)}#section-${random.digits(4)} via http://${host(random)}:${random.integer(1024, 65535)}/metrics`,
    () =>
      `rsync ${service(random)}@${random.pick(['localhost', 'backup1', '10.0.0.7'])}:/srv/backup/${compactDate(random)}/ ${random.digits(9)} bytes`,
    () =>
      `zip ${random.digits(5)} files, pin /dev/gpio${random.integer(1, 40)}, plate /dev/${random.pick(['sda', 'sdb'])}${random.integer(1, 9)}, mail spool /var/mail`,
    () => `/usr/share/zoneinfo/Europe/Berlin -> ../${random.hex(2)}/${random.hex(38)}`,
    () => `git+ssh://git@git.example/${service(random)}.git#${random.hex(40)}`,
    () => `/run/secrets/kubernetes.io/serviceaccount/token mounted; /run/secrets/db_password mode 0400`,
    () => `arn:aws:s3:::${service(random)}-${random.digits(12)}/inventory/${random.hex(8)}/manifest.json`,
  ])()

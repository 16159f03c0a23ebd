import { epoch } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber } from './luhn-by-chance.ts'
import { service } from './names.ts'

export const metrics: Kind = (random) =>
  random.pick([
    () =>
      `http_server_request_duration_seconds_bucket{service="${service(random)}",le="0.${random.digits(3)}"} ${random.digits(9)} ${epoch(random)}`,
    () => `process_resident_memory_bytes ${random.integer(1, 9)}.${random.digits(7)}e+0${random.integer(7, 9)}`,
    () => `go_memstats_next_gc_bytes ${bigNumber(random)}`,
    () =>
      `cpu,host=${service(random)} usage_idle=${random.fraction() * 100},usage_user=${random.fraction()} ${epoch(random)}`,
    () =>
      `${service(random)}.requests:${random.digits(6)}|c|@0.1|#env:prod,version:${random.integer(1, 9)}.${random.integer(0, 9)}`,
    () =>
      `loss=0.${random.digits(16)} val_loss=${random.fraction()} step=${random.digits(9)} lr=${random.integer(1, 9)}e-05 seed=${random.digits(10)}`,
    () =>
      `rx_bytes=${bigNumber(random)} tx_bytes=${bigNumber(random)} drops=${random.integer(0, 9)} errors=-${random.digits(9)}`,
    () =>
      `p50=${random.integer(1, 90)}ms p95=${random.integer(90, 400)}ms p99=${random.integer(400, 4000)}ms count=${random.digits(9)} delta +${random.digits(random.integer(3, 6))}`,
    () =>
      `Mem: ${random.digits(8)} ${random.digits(8)} ${random.digits(7)} ${random.digits(6)} ${random.digits(8)} ${random.digits(8)}`,
    () =>
      `${random.integer(1, 99)}.${random.digits(2)}% (${random.digits(3)}/${random.digits(3)}) ${random.digits(3)},${random.digits(3)},${random.digits(3)} rows`,
    () =>
      `geo lat=${random.integer(-89, 89)}.${random.digits(6)} lon=${random.integer(-179, 179)}.${random.digits(6)} score=-${random.fraction()}`,
    () =>
      `total ${random.digits(3)} ${random.digits(3)} ${random.digits(3)} bytes, ${random.digits(3)}.${random.digits(3)}.${random.digits(3)} us, price ${random.digits(4)}.${random.digits(2)} EUR`,
    () =>
      `prompt_tokens=${random.integer(1, 9999)} completion_tokens=${random.integer(1, 9999)} total_tokens=${random.digits(5)} tokens/s=${random.integer(1, 90)}.${random.digits(2)}`,
    () => `mtu 1500 qdisc mq state UP group default qlen 1000 packets ${random.digits(10)} bytes ${bigNumber(random)}`,
  ])()

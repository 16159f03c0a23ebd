import { epoch, iso } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber } from './luhn-by-chance.ts'
import { address, service } from './names.ts'

export const queues: Kind = (random) =>
  random.pick([
    () =>
      `[${iso(random)}] INFO [Log partition=${service(random)}-${random.integer(0, 63)}, dir=/var/lib/kafka] Rolled new log segment at offset ${bigNumber(random)} in ${random.integer(1, 90)} ms. (kafka.log.UnifiedLog)`,
    () =>
      `Deleting segment LogSegment(baseOffset=${bigNumber(random)}, size=${random.digits(9)}, lastModifiedTime=${epoch(random)}, largestRecordTimestamp=${epoch(random)}): /kafka/orders-3/${random.digits(6).padStart(20, '0')}.log`,
    () =>
      `closing AMQP connection <0.${random.integer(100, 99999)}.0> (${address(random)}:${random.integer(1024, 65535)} -> ${address(random)}:5672 - ${service(random)}, vhost: '/', user: '${service(random)}')`,
    () =>
      `routing key ${bigNumber(random)} bound to exchange ${service(random)}.events, delivery tag ${random.digits(9)}`,
    () =>
      `no consumer for routing_key=${service(random)}.order.${random.digits(9)} account shard ${random.integer(0, 255)}`,
    () =>
      `SQS ReceiptHandle=${random.base64(48)} MD5OfBody=${random.hex(32)} MessageId=${random.uuid()} SentTimestamp=${epoch(random)}`,
    () =>
      `nats: [${random.integer(1, 9999)}] ${address(random)}:${random.integer(1024, 65535)} - cid:${random.digits(9)} - Client connection closed: Read Error, sid=${random.integer(1, 99)}`,
    () =>
      `rabbitmq 3.13.${random.integer(0, 9)} on Erlang 26.2.${random.integer(1, 9)} [jit], OTP ${random.integer(24, 27)} erts-14.2.5`,
    () =>
      `pulsar: [persistent://shop/orders/${service(random)}] ledger ${random.digits(10)} entry ${random.digits(9)} acked, msgId ${random.digits(9)}:${random.integer(0, 9999)}:${random.integer(-1, 9)}`,
    () => `celery: Task shop.tasks.${service(random)}[${random.uuid()}] succeeded in ${random.fraction()}s: None`,
    () =>
      `sidekiq pid=${random.integer(2, 99999)} tid=${random.text('abcdefghijklmnopqrstuvwxyz0123456789', 4)} class=Mail jid=${random.hex(24)} elapsed=0.${random.digits(3)} INFO: done`,
    () =>
      `temporal: workflow ${service(random)}/${random.uuid()} run ${random.uuid()} nextEventId=${random.digits(9)} taskId=${bigNumber(random)}`,
    () =>
      `swift: object-server PUT /sdb1/${random.digits(6)}/AUTH_${random.hex(32)}/bucket/${random.digits(9)} 201 timestamp=1785${random.digits(6)}.${random.digits(5)} tx${random.hex(21)}-00${random.hex(8)}`,
    () =>
      `mqtt: client ${service(random)}-${random.hex(12)} will topic devices/${bigNumber(random)}/state qos 1 packet id ${random.integer(1, 65535)}`,
  ])()

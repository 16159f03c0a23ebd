import { compactDate, epoch, iso } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber } from './luhn-by-chance.ts'
import { host, pod, service, version } from './names.ts'

/** Fields of structured records, under keys that share words with those of personal data. */
export const attributes: Kind = (random) => {
  const field = (key: string, text: string) => ({ key, text })
  return random.pick([
    () => field('process.pid', random.digits(5)),
    () => field('thread.id', random.digits(9)),
    () => field('user_agent.version', version(random)),
    () => field('messaging.kafka.offset', bigNumber(random)),
    () => field('messaging.rabbitmq.routing_key', `${service(random)}.${random.digits(9)}`),
    () => field('cloud.account.id', random.digits(12)),
    () => field('k8s.pod.uid', random.uuid()),
    () => field('k8s.pod.name', pod(random)),
    () => field('host.name', host(random)),
    () => field('http.request.body.size', random.digits(random.integer(2, 9))),
    () => field('db.response.returned_rows', random.digits(4)),
    () => field('observed_timestamp', epoch(random)),
    () => field('birthtimeMs', epoch(random)),
    () => field('created_at', iso(random)),
    () => field('accountShard', random.digits(9)),
    () => field('cardinality', random.digits(9)),
    () => field('taxonomy_id', random.digits(9)),
    () => field('spanId', random.hex(16)),
    () => field('licenseCount', random.digits(4)),
    () => field('pinned_version', version(random)),
    () => field('tokens_used', random.digits(6)),
    () => field('secret_name', `${service(random)}-tls`),
    () => field('password_policy', 'min_length_12'),
    () => field('session_count', random.digits(4)),
    () => field('cookie_size', random.digits(4)),
    () => field('zip_size', random.digits(5)),
    () => field('phone_home_interval', random.digits(5)),
    () => field('mail_queue_length', random.digits(3)),
    () => field('batch', `${compactDate(random)}-${random.digits(4)}`),
    () => field('passportStrategy', 'jwt'),
    () => field('routing_table_version', random.digits(9)),
    () => field('bankConflicts', random.digits(9)),
    () => field('nodePlateau', random.digits(9)),
    () => field('sample_rate', String(random.fraction())),
  ])()
}

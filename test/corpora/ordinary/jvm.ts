import { iso } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber } from './luhn-by-chance.ts'
import { service, version } from './names.ts'

const CLASSES = [
  'o.s.b.w.embedded.tomcat.TomcatWebServer',
  'c.z.hikari.pool.HikariPool',
  'o.a.k.c.consumer.internals.ConsumerCoordinator',
  'org.hibernate.SQL',
  'i.n.u.ResourceLeakDetector',
  'com.example.shop.OrderService',
  'o.s.security.web.DefaultSecurityFilterChain',
]

export const jvm: Kind = (random) => {
  const prefix = `${iso(random)} ${random.pick(['INFO ', 'WARN ', 'DEBUG', 'ERROR'])} ${random.integer(1, 99999)} --- [${random.pick(['main', 'http-nio-8080-exec-12', 'pool-3-thread-41', 'kafka-coordinator-heartbeat-thread | shop'])}] ${random.pick(CLASSES)} : `
  const milliseconds = `${random.integer(0, 4000)}.${random.digits(3)}ms`
  return random.pick([
    () =>
      `${prefix}Started ShopApplication in ${random.integer(1, 20)}.${random.digits(3)} seconds (process running for 12.7)`,
    () => `${prefix}HikariPool-1 - Added connection org.postgresql.jdbc.PgConnection@${random.hex(8)}`,
    () =>
      `${prefix}Lock java.util.concurrent.locks.ReentrantLock$NonfairSync@${random.hex(7)} held ${bigNumber(random)} ns`,
    () =>
      `[${random.integer(0, 90000)}.${random.digits(3)}s][info][gc] GC(${random.integer(1, 9000)}) Pause Young (Normal) (G1 Evacuation Pause) ${random.integer(20, 900)}M->${random.integer(10, 400)}M(${random.integer(900, 4000)}M) ${milliseconds}`,
    () =>
      `${prefix}Will secure any request with [org.springframework.security.web.session.DisableEncodeUrlFilter@${random.hex(8)}, org.springframework.security.web.csrf.CsrfFilter@${random.hex(7)}]`,
    () =>
      `${prefix}[Consumer clientId=consumer-${service(random)}-${random.integer(1, 9)}, groupId=${service(random)}] Setting offset for partition orders-${random.integer(0, 63)} to the committed offset FetchPosition{offset=${bigNumber(random)}, offsetEpoch=Optional[${random.integer(1, 99)}]}`,
    () =>
      `${prefix}Invalid CSRF token found for http://localhost:8080/login (session timeout=${random.integer(60, 3600)})`,
    () =>
      `${prefix}Loaded ${service(random)} ${version(random)} serialVersionUID=${random.pick(['-', ''])}1${random.digits(18)}L`,
    () =>
      `${prefix}max_tokens=${random.integer(1, 9999)} token_type=Bearer password=[REDACTED] secretName=tls-${service(random)} authenticated=true`,
    () =>
      `${prefix}hashCode=${random.pick(['-', ''])}${random.integer(100_000_000, 2_147_483_647)} identity=0x${random.hex(16)}`,
    () =>
      `${prefix}select o1_0.id,o1_0.account_id,o1_0.birth_date,o1_0.card_token from orders o1_0 where o1_0.account_id=? limit ${random.integer(1, 900)}`,
    () =>
      `${prefix}Cannot find property password in class path resource [application-${random.pick(['prod', 'test'])}.yml], using default ''`,
  ])()
}

import { commonLogTime, epoch } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber, cardDigits } from './luhn-by-chance.ts'
import { address, service } from './names.ts'
import type { Random } from './random.ts'

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'curl/8.14.1',
  'kube-probe/1.33',
  'Go-http-client/2.0',
  'Prometheus/3.5.0',
]

function path(random: Random): string {
  return random.pick([
    () => `/api/v${random.integer(1, 3)}/${service(random)}/${random.digits(random.integer(4, 10))}`,
    () => `/assets/app.${random.hex(20)}.js`,
    () => `/img/logo@${random.integer(2, 3)}x.png?v=${epoch(random)}`,
    () => `/api/orders/${random.uuid()}/lines?page=${random.integer(1, 40)}&per_page=100`,
    () => `/search?q=blue+shoes&from=${random.integer(0, 900)}&_=${epoch(random)}`,
    () => `/static/chunk-${random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 8)}.css`,
    () => `/v2/${service(random)}/blobs/sha256:${random.hex(64)}`,
    () => `/files/report-${cardDigits(random)}.pdf`,
    () => `/@vite/client?t=${epoch(random)}`,
    () => `/npm/@babel/core@7.${random.integer(0, 30)}.${random.integer(0, 9)}/lib/index.js`,
    () => '/oauth2/authorize?response_type=code&scope=openid%20email%20profile&token_type=Bearer',
    () => `/healthz?deep=1&n=${bigNumber(random)}`,
  ])()
}

export const webAccess: Kind = (random) => {
  const status = random.pick([200, 200, 200, 204, 301, 304, 400, 401, 404, 499, 500, 502])
  const request = `"${random.pick(['GET', 'GET', 'POST', 'HEAD'])} ${path(random)} HTTP/${random.pick(['1.1', '2.0'])}"`
  const size = random.integer(0, 4_000_000)
  const seconds = (random.fraction() * 3).toFixed(3)
  return random.pick([
    () => `${address(random)} - - [${commonLogTime(random)}] ${request} ${status} ${size} "-" "${random.pick(AGENTS)}"`,
    () =>
      `${address(random)} - - [${commonLogTime(random)}] ${request} ${status} ${size} "https://shop.example/" "${random.pick(AGENTS)}" rt=${seconds} uct=0.000 urt=${seconds} req=${random.hex(32)}`,
    () =>
      `[${epoch(random)}] ${request} ${status} - via_upstream - "-" 0 ${size} ${random.integer(1, 900)} ${random.integer(1, 900)} "-" "${random.uuid()}" "${service(random)}.prod.svc" "10.0.0.${random.integer(1, 254)}:8080"`,
    () =>
      `haproxy[${random.integer(100, 99999)}]: ${address(random)}:${random.integer(1024, 65535)} [${commonLogTime(random).slice(0, 20)}.${random.digits(3)}] fe_main be_${service(random)}/srv${random.integer(1, 9)} 0/0/1/${random.integer(1, 900)}/${random.integer(1, 900)} ${status} ${size} - - ---- 312/310/2/1/0 0/0 ${request}`,
  ])()
}

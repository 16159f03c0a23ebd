import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FreePorts } from '../../peers/free-ports.ts'
import { RunningProgram } from '../../peers/running-program.ts'
import type { RealProgram } from './program.ts'
import { untilItAnswers } from './until-it-answers.ts'

function configuration(folder: string, port: number): string {
  const at = (name: string) => join(folder, name)
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${at(name)};`)
  return `daemon off; user root; pid ${at('pid')}; error_log ${at('error.log')} debug; worker_processes 1;
events {}
http {
  ${folders.join('\n  ')}
  log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" $msec $request_time $request_id $connection $connection_requests';
  access_log ${at('access.log')} timed;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "ok"; }
    location /gone { return 410; }
    location /moved { return 301 /orders; }
    location /files { root ${folder}; }
  }
}
`
}

const PATHS = [
  '/orders/1234567890',
  '/gone',
  '/moved',
  '/files/none.png',
  '/search?q=blue+shoes&t=1785000000123',
  '/%zz',
]

/** nginx with its debug log, and a few hundred requests. */
export const nginx: RealProgram = {
  name: 'nginx',
  debianPackage: 'nginx-light',
  check: 'PATH=$PATH:/usr/sbin command -v nginx',
  async lines(folder) {
    const port = await new FreePorts().next()
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port))
    const program = new RunningProgram('/usr/sbin/nginx', [
      '-p',
      folder,
      '-c',
      join(folder, 'nginx.conf'),
      '-e',
      join(folder, 'error.log'),
    ])
    const answered = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' })).text()
    await untilItAnswers(() => answered('/'), program)
    for (let turn = 0; turn < 40; turn += 1)
      for (const path of PATHS) await answered(`${path}${path.includes('?') ? '&' : '?'}n=${turn}`)
    await program.stop()
    return ['access.log', 'error.log'].flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
  },
}

import { chmodSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunningProgram } from '../../peers/running-program.ts'
import { outputOf, type RealProgram } from './program.ts'
import { untilItAnswers } from './until-it-answers.ts'

const STATEMENTS = `
create table orders (id bigserial primary key, code uuid default gen_random_uuid(), at timestamptz default now(), cents int);
insert into orders (cents) select n * 7 from generate_series(1, 5000) as n;
${Array.from({ length: 60 }, (_, n) => `select count(*), max(code::text), sum(cents) from orders where id % ${n + 2} = 0;`).join('\n')}
insert into orders (id) values (1);
select 1 / 0;
select nothing from nowhere;
explain (analyze, buffers) select * from orders where code = gen_random_uuid();
select pid, backend_start, xact_start, query from pg_stat_activity;
select * from orders limit 100;
vacuum verbose orders;
checkpoint;
`

/** It does not run as root. */
function asNobody(command: string, args: readonly string[]): [string, string[]] {
  return process.getuid?.() === 0
    ? ['setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups', command, ...args]]
    : [command, [...args]]
}

/** PostgreSQL with every statement and its debug level, from initdb to the end. */
export const postgresql: RealProgram = {
  name: 'PostgreSQL',
  debianPackage: 'postgresql',
  check: 'ls /usr/lib/postgresql/*/bin/initdb && command -v psql',
  async lines(folder) {
    chmodSync(folder, 0o777)
    const binaries = globSync('/usr/lib/postgresql/*/bin').sort().at(-1)!
    const data = join(folder, 'data')
    const made = outputOf(...asNobody(join(binaries, 'initdb'), ['-D', data, '--username=app', '--no-sync']), {
      cwd: folder,
    })
    const settings = {
      listen_addresses: '',
      unix_socket_directories: folder,
      log_min_messages: 'debug4',
      log_statement: 'all',
      log_duration: 'on',
      log_connections: 'on',
      log_line_prefix: '%m [%p] %q%u@%d %c %l %x %v ',
      log_statement_stats: 'on',
      // A pipe that nobody empties would stop it while it is asked.
      logging_collector: 'on',
      log_directory: folder,
      log_filename: 'server.log',
    }
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = new RunningProgram(...asNobody(join(binaries, 'postgres'), ['-D', data, ...options]), {
      cwd: folder,
    })
    const query = (input: string) => outputOf('psql', ['-h', folder, '-U', 'app', '-d', 'postgres'], { input })
    await untilItAnswers(async () => {
      if (!query('select 40 + 2;').some((line) => line.includes('42'))) throw new Error('not yet')
    }, server)
    const answers = query(STATEMENTS)
    outputOf(...asNobody(join(binaries, 'pg_ctl'), ['-D', data, '-m', 'fast', 'stop']), { cwd: folder })
    await server.finished
    return [...made, ...readFileSync(join(folder, 'server.log'), 'utf8').split('\n'), ...answers]
  },
}

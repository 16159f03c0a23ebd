import { compactDate, compactTime, epoch, iso } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber } from './luhn-by-chance.ts'
import { address, service } from './names.ts'

export const database: Kind = (random) => {
  const postgres = `${iso(random)} UTC [${random.integer(100, 99999)}] app@${service(random)} `
  return random.pick([
    () =>
      `${postgres}LOG:  duration: ${random.integer(0, 9000)}.${random.digits(3)} ms  execute <unnamed>: SELECT id, status FROM orders WHERE id = $1`,
    () => `${postgres}DETAIL:  parameters: $1 = '${bigNumber(random)}', $2 = '${random.uuid()}', $3 = NULL`,
    () =>
      `${postgres}LOG:  checkpoint complete: wrote ${random.integer(1, 9000)} buffers (${random.integer(0, 99)}.${random.integer(0, 9)}%); 0 WAL file(s) added; lsn=${random.hex(1)}/${random.hex(8).toUpperCase()}, redo lsn=${random.hex(1)}/${random.hex(8).toUpperCase()}`,
    () => `${postgres}FATAL:  password authentication failed for user "app"`,
    () => `${postgres}LOG:  restored log file "${random.digits(24).replace(/^./, '0')}" from archive`,
    () =>
      `mysqld: ${iso(random)} ${random.integer(8, 99999)} [Note] InnoDB: Buffer pool(s) load completed at ${compactDate(random)} ${random.integer(10, 23)}:44:05`,
    () =>
      `# Query_time: 0.${random.digits(6)}  Lock_time: 0.${random.digits(6)} Rows_sent: ${random.integer(0, 900)}  Rows_examined: ${random.digits(7)} Id: ${random.digits(8)}`,
    () => `SET timestamp=${epoch(random)};`,
    () =>
      `{"t":{"$date":"${iso(random)}"},"s":"I","c":"NETWORK","id":${random.digits(8)},"ctx":"conn${random.integer(1, 99999)}","msg":"Connection ended","attr":{"remote":"${address(random)}:52114","uuid":"${random.uuid()}","connectionId":${random.integer(1, 9999)}}}`,
    () =>
      `redis: ${random.integer(1, 99999)}:M ${iso(random)} * Background saving terminated with success, dirty=${bigNumber(random)}`,
    () => `mongodb: cursor id ${bigNumber(random)} not found, ObjectId('${random.hex(24)}')`,
    () =>
      `run ${compactDate(random)}-${compactTime(random)} finished: txid ${random.digits(10)} xmin ${random.digits(9)} snapshot 0000000${random.digits(1)}-${random.hex(8).toUpperCase()}-1`,
    () =>
      `connecting to jdbc:postgresql://db1.internal:5432/${service(random)}?sslmode=require&user=app&ApplicationName=${service(random)}`,
    () => `using postgres://app:\${DB_PASSWORD}@db1.internal:5432/${service(random)}`,
    () =>
      `cassandra: Compacted (${random.uuid()}) ${random.integer(2, 9)} sstables to [/var/lib/cassandra/data/shop/orders-${random.hex(32)}/nb-${random.integer(1, 9999)}-big,] to level=0. ${bigNumber(random)} bytes`,
  ])()
}

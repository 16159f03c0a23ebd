import { outputOf, type RealProgram } from './program.ts'

/** Everything that a Java machine says while it starts and stops. */
export const java: RealProgram = {
  name: 'the JVM',
  debianPackage: 'default-jre-headless',
  check: 'command -v java',
  lines: async () => outputOf('java', ['-Xlog:all=debug:stdout:time,uptime,pid,tid,level,tags', '-version']),
}

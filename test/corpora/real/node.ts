import { outputOf, type RealProgram } from './program.ts'

/** A server that asks itself a few things. */
const PROGRAM = `
const http = require('node:http')
const server = http.createServer((request, response) => response.end(request.url)).listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  for (let n = 0; n < 30; n += 1) await fetch('http://127.0.0.1:' + port + '/orders/' + n)
  for (let n = 0; n < 30; n += 1)
    await new Promise((resolve) => http.get({ port, path: '/' + n }, (response) => response.resume().on('end', resolve)))
  process.exit()
})
`

/** Node's own traces: sockets, streams and timers, garbage collection, compilation. */
export const node: RealProgram = {
  name: 'Node.js',
  debianPackage: 'nodejs',
  check: 'command -v node',
  lines: async () => [
    ...outputOf(process.execPath, ['--eval', PROGRAM], {
      env: { NODE_DEBUG: 'http,net,stream,timer,module,undici,fetch' },
    }),
    ...outputOf(process.execPath, [
      '--trace-gc',
      '--trace-gc-verbose',
      '--trace-opt',
      '--trace-deopt',
      '--eval',
      PROGRAM,
    ]),
  ],
}

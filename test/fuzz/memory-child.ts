import { BOMBS } from './bombs.ts'
import { ENGINES } from './engines.ts'
import { coded } from './oracles.ts'

/** Seals one bomb and prints by how many bytes the process has grown. */
const [bomb, engineName] = process.argv.slice(2)
const { format, make } = BOMBS[bomb!]!
const { engine } = ENGINES.find(({ name }) => name === engineName)!
const input = make()
engine.seal(Buffer.from('{"warm":"jane@example.org"}'), 'json-lines')
const before = process.memoryUsage().rss
const sealed = coded(() => engine.seal(input, format))
// The most that the process has had, in kilobytes: it has no memory of what was freed.
const most = process.resourceUsage().maxRSS * 1024
console.log(JSON.stringify({ refused: sealed === undefined, growth: most - before }))

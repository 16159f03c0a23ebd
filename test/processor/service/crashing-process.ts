// Holds a text that stands in no file, and crashes.
import { writeFileSync } from 'node:fs'
import { emptyCores } from '../../../processor/service/core-dumps.ts'

const held = Buffer.from(['held', 'in', 'memory', 'alone'].join('-').repeat(10))
if (process.argv[2] === 'emptied') emptyCores()
else writeFileSync('/proc/self/coredump_filter', '0x33')
process.kill(process.pid, 'SIGABRT')
setInterval(() => held.length, 1000)

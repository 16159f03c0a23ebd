import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { open } from '../../processor/index.ts'
import { decode } from './decode.ts'
import { ENGINES, PRIVATE_KEYS } from './engines.ts'

const [format, engine, file] = process.argv.slice(2) as any
const input = Buffer.from(readFileSync(file, 'utf8'), 'base64')
const e = ENGINES.find((x) => x.name === engine)!.engine
const show = (b: Buffer) =>
  format === 'otlp-protobuf'
    ? inspect(decode(format, b), { depth: 30 }) + '\n' + b.toString('hex')
    : JSON.stringify(b.toString('latin1'))
console.log('INPUT', show(input))
const s = e.seal(input, format)
console.log('SEALED', show(s.bytes).replace(/[\w-]{60,}/g, '~'))
const o = open(s.bytes, format, { keys: PRIVATE_KEYS })
console.log('OPENED', show(o.bytes), o.opened, o.unopened, o.moved)
const s2 = e.seal(s.bytes, format)
if (!s2.bytes.equals(s.bytes)) console.log('AGAIN', show(s2.bytes).replace(/[\w-]{60,}/g, '~'))

import { leaves } from './decode.ts'

const L = (b: Buffer) =>
  leaves(format, decode(format, b)).map(
    (x) => x.key + ' = ' + x.text.replace(/[\w-]{60,}/g, '~').replace(/"recipients.*/, '...'),
  )
const a = L(s.bytes),
  b = L(s2.bytes)
console.log('=====LEAVES')
console.log(
  L(input)
    .filter((x) => !L(o.bytes).includes(x))
    .join('\n'),
)
console.log('---opened')
console.log(
  L(o.bytes)
    .filter((x) => !L(input).includes(x))
    .join('\n'),
)
console.log('---sealed once not in twice')
console.log(a.filter((x) => !b.includes(x)).join('\n'))
console.log('---twice')
console.log(b.filter((x) => !a.includes(x)).join('\n'))
import { DETECTORS } from '../../detectors/index.ts'
import { DetectorSet } from '../../detectors/set.ts'
import { recogniseSealed } from '../../processor/jwe/sealed-value.ts'
import { KNOWN_KIDS } from './engines.ts'
console.log('=====LEAK')
for (const { text, key } of leaves(format, decode(format, s.bytes))) {
  if (recogniseSealed(text, KNOWN_KIDS)) continue
  for (const f of new DetectorSet(DETECTORS).find(Buffer.from(text), () => true, key))
    console.log(DETECTORS[f.detector]!.name, key, '=', text)
}

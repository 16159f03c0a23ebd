import { outcomeOf } from './fuzz/campaign.ts'
import { ENGINES } from './fuzz/engines.ts'
import { Random } from './fuzz/random.ts'
import { makeInput } from './fuzz/inputs.ts'
import { decode } from './fuzz/decode.ts'
import { open } from '../processor/index.ts'
import { PRIVATE_KEYS } from './fuzz/engines.ts'
import { inspect } from 'node:util'
const seeds = new Random(4)
const all: {engine:number,input:Buffer,seed:number}[] = []
for (let i=0;i<470;i++){ const seed=seeds.seed(); const r=new Random(seed); const f=r.pick(['otlp-protobuf'] as const); const engine=r.below(ENGINES.length); all.push({engine,input:makeInput(r,f),seed}) }
const last=all.at(-1)!
for (let from=0; from<470; from++) {}
const mine=all.filter(x=>x.engine===last.engine)
for (const x of mine) { const w=outcomeOf('otlp-protobuf',x.engine,x.input,x.seed); if (w) console.log('fails', x.seed, w) }
const e=ENGINES[last.engine]!.engine
let s
for (const name of ['input','output','again']) { try { s = e.seal(name==='input'?last.input:s!.bytes,'otlp-protobuf'); console.log(name,'ok',s.bytes.length,[...s.values]) } catch(x) { console.log(name,'throws',(x as Error).message) } }
console.log(inspect(decode('otlp-protobuf', last.input),{depth:30}).slice(0,3000), last.input.toString('hex'))

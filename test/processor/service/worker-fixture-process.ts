// A worker process. MODE says how it is.
import { runWorkerProcess } from '../../../processor/service/worker-process.ts'
import { httpWorker } from './worker-fixture.ts'

const { MODE = '' } = process.env
process.exit(await runWorkerProcess(() => httpWorker({ broken: MODE === 'broken', reloads: MODE !== 'stubborn' })))

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldseal, type Outcome, type Project, run } from './project.ts'

/** What the examples log, and nobody may find in what they print. */
const PLANTED = ['jane.doe@example.com', '4111 1111 1111 1111']

interface Example {
  readonly name: string
  /** Whether it prints JSON lines, which can be opened again. */
  readonly lines: boolean
}

const EXAMPLES: readonly Example[] = [
  { name: 'otel-sdk', lines: false },
  { name: 'pino-worker', lines: true },
  { name: 'pino-hook', lines: true },
  { name: 'winston', lines: true },
]

/**
 * Runs every example, as an ES module and in CommonJS.
 *
 * @returns one line for each thing that is wrong.
 */
export function exampleProblems(root: string, project: Project): string[] {
  return EXAMPLES.flatMap((example) => {
    const folder = join(project.folder, example.name)
    rmSync(folder, { recursive: true, force: true })
    cpSync(join(root, 'examples', example.name), folder, { recursive: true })
    const keys = fieldseal(project, folder, ['keys', 'new', 'security'])
    if (keys.status !== 0) return [`${example.name}: no keys: ${keys.stderr}`]
    return ['index.mjs', 'index.cjs'].flatMap((program) => {
      const outcome = run(project, folder, [program])
      const open = () => fieldseal(project, folder, ['open', '-k', 'security.jwk'], outcome.stdout)
      return problemsOf(outcome, example.lines ? open : undefined).map((text) => `${example.name}/${program}: ${text}`)
    })
  })
}

function problemsOf({ status, stdout, stderr }: Outcome, open: (() => Outcome) | undefined): string[] {
  if (status !== 0) return [`ended with ${status}: ${stderr.slice(0, 2000)}`]
  const opened = open?.()
  return [
    ...(stderr === '' ? [] : [`wrote to standard error: ${stderr.slice(0, 500)}`]),
    ...PLANTED.filter((value) => stdout.includes(value)).map(() => 'printed a value in the clear'),
    ...(stdout.includes('[sealed:') ? [] : [`printed no sealed record: ${stdout.slice(0, 500)}`]),
    ...(opened === undefined || opened.status === 0 ? [] : [`was not opened: ${opened.stderr}`]),
    ...(opened === undefined
      ? []
      : PLANTED.filter((value) => !opened.stdout.includes(value)).map(() => 'lost a value')),
  ]
}

const ENTRIES = ['fieldseal', 'fieldseal/otel', 'fieldseal/pino', 'fieldseal/winston', 'fieldseal/testing']

/** One instance of everything, and the default export by its name, whichever way it comes. */
export function instanceProblems(project: Project): string[] {
  const program = `
    for (const name of ${JSON.stringify(ENTRIES)}) {
      const required = require(name)
      import(name).then((imported) => {
        for (const key of Object.keys(imported))
          if (required[key] !== imported[key]) console.log(name + ': ' + key + ' differs between import and require')
        if ('default' in imported && required.__esModule !== true) console.log(name + ': default without __esModule')
      })
    }
    if (typeof require('fieldseal/pino').default !== 'function') console.log('fieldseal/pino: no default')`
  const { stdout, stderr } = run(project, project.folder, ['-e', program])
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '')
}

const TYPED = `
import { createEngine, FieldsealError, type Engine } from 'fieldseal'
import { SealingLogRecordExporter } from 'fieldseal/otel'
import transport, { sealingHook } from 'fieldseal/pino'
import { seal } from 'fieldseal/winston'
export const engine: Engine = createEngine({ rules: [] })
export const all = [FieldsealError, SealingLogRecordExporter, sealingHook, seal, transport({ config: 'x' })]
// @ts-expect-error: so that types that are any do not pass.
createEngine({ rules: 1 })
`

/** Programs in TypeScript, as ES module and CommonJS, checked with each way of finding modules that Node has. */
export function typeProblems(project: Project, tsc: string): string[] {
  for (const name of ['program.mts', 'program.cts']) writeFileSync(join(project.folder, name), TYPED)
  return ['node16', 'nodenext'].flatMap((module) => {
    const compilerOptions = {
      module,
      target: 'es2022',
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    }
    const files = ['program.mts', 'program.cts']
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const { status, stdout } = run(project, project.folder, [tsc, '-p', 'tsconfig.json'])
    return status === 0 ? [] : [`--module ${module}: ${stdout}`]
  })
}

const ENGINE = "createEngine({ rules: [{ id: 'e-mail', detect: 'email', drop: {} }] })"

const WORKER =
  "require('pino')({ transport: { target: 'fieldseal/pino', options: { config: 'config.yaml' } } }).info('x')"

/** In a project whose install scripts were held back, the library and the command line say what to do. */
export function missingEngineProblems(project: Project): string[] {
  const { folder } = project
  writeFileSync(join(folder, 'config.yaml'), readFileSync(join(import.meta.dirname, 'no-keys.yaml')))
  // In a file: pino looks for targets from where it is called.
  writeFileSync(join(folder, 'worker.cjs'), WORKER)
  const said = [
    run(project, folder, ['-e', `const { createEngine } = require('fieldseal'); ${ENGINE}`]),
    run(project, folder, ['--input-type=module', '-e', `import { createEngine } from 'fieldseal'; ${ENGINE}`]),
    run(project, folder, ['-e', "require('fieldseal/pino').sealingHook({ config: 'config.yaml' })"]),
    run(project, folder, ['-e', "require('fieldseal/winston').seal({ config: 'config.yaml' })"]),
    run(project, folder, [
      '-e',
      "new (require('fieldseal/otel').SealingLogRecordExporter)({}, { config: 'config.yaml' })",
    ]),
    run(project, folder, ['worker.cjs']),
    fieldseal(project, folder, ['seal', '-c', 'config.yaml']),
  ]
  return said.flatMap(({ status, stderr }, index) =>
    status !== 0 && stderr.includes('FIELDSEAL_PATTERN_ENGINE_MISSING') && stderr.includes('npm rebuild re2')
      ? []
      : [`without re2, way ${index}: ${status}: ${stderr.slice(0, 500)}`],
  )
}

import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'

/** Where a run was made. The load of other programs is not in it: trust ratios, not absolute numbers. */
export const machine = (pinnedTo: number | undefined) => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()} ${process.arch}`,
  pinnedTo: pinnedTo ?? null,
})

const installed = (name: string): string => {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** What was run. */
export const versions = () => ({
  fieldseal: (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version,
  node: process.versions.node,
  openssl: process.versions.openssl,
  re2: installed('re2'),
  jose: installed('jose'),
  protobufjs: installed('protobufjs'),
})

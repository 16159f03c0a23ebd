import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { FREE, type Layer, layerOf, RESERVED } from './layers.ts'
import { type Import, importsOf } from './specifiers.ts'

/** Sources by path from the root, with `/`. */
export type Sources = ReadonlyMap<string, string>

/**
 * Every import that goes in a direction that it must not, one line each: `path:line: what is wrong`.
 *
 * @param dependencies - packages that users get.
 * @param peers - packages that users of some layers have.
 */
export function breachesOf(
  sources: Sources,
  dependencies: ReadonlySet<string>,
  peers: ReadonlySet<string> = new Set(),
): string[] {
  const withPeers = new Set([...dependencies, ...peers])
  const graph = new Map<string, string[]>()
  const breaches: string[] = []
  for (const [path, source] of sources) {
    const targets: string[] = []
    for (const found of importsOf(source)) {
      const target = targetOf(path, found)
      if (target !== undefined && !found.typeOnly) targets.push(target)
      const problem = problemOf(path, found, target, sources, layerOf(path)?.peers ? withPeers : dependencies)
      if (problem !== undefined) breaches.push(`${path}:${found.line}: ${problem}`)
    }
    graph.set(path, targets)
  }
  return [...breaches, ...cyclesOf(graph).map((cycle) => `${cycle[0]}: imports itself: ${cycle.join(' -> ')}`)]
}

/** The file that a relative specifier names. */
function targetOf(path: string, { specifier }: Import): string | undefined {
  return specifier?.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
}

function problemOf(
  path: string,
  { specifier }: Import,
  target: string | undefined,
  sources: Sources,
  dependencies: ReadonlySet<string>,
): string | undefined {
  if (FREE.some((folder) => path.startsWith(folder))) return undefined
  const layer = layerOf(path)
  if (layer === undefined) return 'the file belongs to no layer: add it to scripts/imports/layers.ts'
  if (specifier === undefined) return 'what is imported here is known at run time only, so nobody can check it'
  if (target === undefined) return packageProblem(specifier, layer, dependencies)
  if (!sources.has(target)) return `${target} does not exist`
  const other = layerOf(target)
  if (other === layer || (other !== undefined && layer.knows.includes(other.name))) return undefined
  return `${layer.name} must not know ${other?.name ?? target}`
}

function packageProblem(
  specifier: string,
  { name: layer, builtins }: Layer,
  dependencies: ReadonlySet<string>,
): string | undefined {
  if (isBuiltin(specifier)) {
    return builtins?.includes(specifier) === false ? `${specifier} has no place here: this layer is pure` : undefined
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const owner = RESERVED.get(name)
  if (owner !== undefined && owner !== layer) return `${name} is for the layer ${owner} alone`
  return dependencies.has(name) ? undefined : `${name} is not among the dependencies that users get`
}

/** One cycle for each group of files that import each other. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (path: string): void => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path])
    if (start >= 0 || done.has(path)) return
    trail.push(path)
    for (const target of graph.get(path) ?? []) visit(target)
    trail.pop()
    done.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return cycles
}

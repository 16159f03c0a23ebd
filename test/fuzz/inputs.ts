import type { FormatName } from '../../processor/index.ts'
import { mutateBytes } from './byte-mutations.ts'
import { type Json, jsonLineTrees, mutateJson, otlpJsonTree, writeJson } from './json-tree.ts'
import { logRequest } from './log-request.ts'
import { forwardTree, mutatePack, writePack } from './message-pack-tree.ts'
import { mutateProtobuf, protobufTree, writeProtobuf } from './protobuf-tree.ts'
import type { Random } from './random.ts'
import { text } from './texts.ts'

/** One input: as it should be, with valid oddities, broken in its structure, or broken in its bytes. */
export function makeInput(random: Random, format: FormatName): Buffer {
  const valid = !random.oneIn(3)
  const mutations = random.below(4)
  const bytes = WRITERS[format](random, mutations, valid)
  return random.oneIn(4) ? mutateBytes(random, bytes) : bytes
}

type Writer = (random: Random, mutations: number, valid: boolean) => Buffer

const WRITERS: Readonly<Record<FormatName, Writer>> = {
  'otlp-protobuf'(random, mutations, valid) {
    const tree = protobufTree(logRequest(random))
    const other = protobufTree(logRequest(random))
    for (let i = 0; i < mutations; i += 1) mutateProtobuf(random, tree, other, valid)
    return writeProtobuf(tree)
  },
  'otlp-json'(random, mutations, valid) {
    const tree = otlpJsonTree(logRequest(random))
    const other = otlpJsonTree(logRequest(random))
    for (let i = 0; i < mutations; i += 1) mutateJson(random, tree, other, valid)
    return Buffer.from(writeJson(tree, random))
  },
  'json-lines'(random, mutations, valid) {
    const trees = jsonLineTrees(logRequest(random))
    const other: Json = { kind: 'array', items: jsonLineTrees(logRequest(random)) }
    const lines = trees.map((tree) => {
      for (let i = 0; i < mutations; i += 1) mutateJson(random, tree, other, valid)
      return writeJson(tree, random)
    })
    if (random.oneIn(3)) lines.splice(random.below(lines.length + 1), 0, oneLine(text(random)))
    return Buffer.from(lines.join(random.oneIn(5) ? '\r\n' : '\n'))
  },
  forward(random, mutations, valid) {
    const tree = forwardTree(logRequest(random), random)
    const other = forwardTree(logRequest(random), random)
    for (let i = 0; i < 2 * mutations; i += 1) mutatePack(random, tree, other, valid)
    return writePack(tree)
  },
  text(random) {
    return Buffer.from(random.list(0, 6, () => oneLine(text(random))).join('\n'))
  },
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ')
}

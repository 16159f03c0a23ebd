/** The lines of one metric, over all workers. */
interface Family {
  /** `# HELP`, `# UNIT` and `# TYPE`, which may stand there once. */
  readonly head: readonly string[]
  readonly samples: string[]
}

/**
 * The texts of several workers as one. All lines of a metric have to stand together, behind one head (exposition formats,
 * "Grouping and sorting"). Series differ by their label `worker`.
 */
export function joinTexts(texts: readonly string[]): string {
  const families = new Map<string, Family>()
  for (const text of texts) addTo(families, text)
  const lines = [...families.values()].flatMap(({ head, samples }) => [...head, ...samples])
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function addTo(families: Map<string, Family>, text: string): void {
  let family: Family | undefined
  let head: string[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    if (!line.startsWith('#')) {
      family?.samples.push(line)
      continue
    }
    // A head begins with HELP, and names its metric as its third word.
    if (line.startsWith('# HELP ')) {
      head = []
      const name = line.split(' ', 3)[2] ?? ''
      family = families.get(name)
      if (family === undefined) {
        family = { head, samples: [] }
        families.set(name, family)
      }
    }
    head.push(line)
  }
}

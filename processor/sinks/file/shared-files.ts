import type { AppendedFile } from './appended-file.ts'

interface Shared {
  readonly file: AppendedFile
  users: number
}

/**
 * The files that this process appends to. Two sinks can have one file: when settings of a sink change, the new one
 * starts while the old one finishes what it has. Two that do not know of each other would cut off each other's lines.
 */
const shared = new Map<string, Shared>()

export function shareFile(path: string, make: () => AppendedFile): AppendedFile {
  const known = shared.get(path) ?? { file: make(), users: 0 }
  known.users += 1
  shared.set(path, known)
  return known.file
}

/** Closes the file when the last one leaves it. */
export async function leaveFile(path: string): Promise<void> {
  const known = shared.get(path)
  if (known === undefined) return
  known.users -= 1
  if (known.users > 0) return
  shared.delete(path)
  await known.file.exclusive(() => known.file.close())
}

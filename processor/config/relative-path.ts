import { dirname, isAbsolute, join } from 'node:path'

/** A path that a file names, relative to that file's folder, as the program can use it. */
export function relativeToFile(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}

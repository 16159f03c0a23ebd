import { type FileSystem, type OpenFile, systemFiles } from '../../../../processor/sinks/file/file-system.ts'

/** The calls that can be made to fail. */
export type Call = 'open' | 'append' | 'datasync' | 'truncate' | 'rename' | 'syncFolder' | 'state' | 'list' | 'remove'

/** `short`: half of the bytes are written, and no error says so. `torn`: half of them, and the error. */
export type Fault = 'EIO' | 'ENOSPC' | 'short' | 'torn'

export function systemError(code: string): Error {
  // As Node's: with the path in its text, which must be repeated nowhere.
  return Object.assign(new Error(`${code}: canary-path '/canary/path'`), { code })
}

/** The real file system, with calls that are counted, held up, and fail when a test wants it. */
export class FaultyFiles implements FileSystem {
  readonly faults = new Map<Call, Fault>()
  readonly calls: Call[] = []
  /** Writes wait for it: before their first byte, or in the middle of their bytes. */
  gate: Promise<void> = Promise.resolve()
  waitsHalfway = false

  fails(call: Call, fault: Fault = 'EIO'): this {
    this.faults.set(call, fault)
    return this
  }

  mend(): void {
    this.faults.clear()
  }

  count(call: Call): number {
    return this.calls.filter((one) => one === call).length
  }

  check(call: Call): void {
    this.calls.push(call)
    const fault = this.faults.get(call)
    if (fault !== undefined && fault !== 'short' && fault !== 'torn') throw systemError(fault)
  }

  async open(path: string): Promise<OpenFile> {
    this.check('open')
    return new FaultyFile(this, await systemFiles.open(path))
  }

  async state(path: string) {
    this.check('state')
    return await systemFiles.state(path)
  }

  async rename(from: string, to: string) {
    this.check('rename')
    await systemFiles.rename(from, to)
  }

  async remove(path: string) {
    this.check('remove')
    await systemFiles.remove(path)
  }

  async list(folder: string) {
    this.check('list')
    return await systemFiles.list(folder)
  }

  async syncFolder(folder: string) {
    this.check('syncFolder')
    await systemFiles.syncFolder(folder)
  }
}

class FaultyFile implements OpenFile {
  readonly #files: FaultyFiles
  readonly #file: OpenFile

  constructor(files: FaultyFiles, file: OpenFile) {
    this.#files = files
    this.#file = file
  }

  state() {
    return this.#file.state()
  }

  read(target: Uint8Array, position: number) {
    return this.#file.read(target, position)
  }

  async append(parts: readonly Uint8Array[]) {
    if (this.#files.waitsHalfway) {
      const bytes = Buffer.concat(parts)
      const half = bytes.length >> 1
      const written = await this.#file.append([bytes.subarray(0, half)])
      this.#files.calls.push('append')
      await this.#files.gate
      return written + (await this.#file.append([bytes.subarray(half)]))
    }
    await this.#files.gate
    const fault = this.#files.faults.get('append')
    if (fault === 'short' || fault === 'torn') {
      const bytes = Buffer.concat(parts)
      await this.#file.append([bytes.subarray(0, bytes.length >> 1)])
      this.#files.calls.push('append')
      if (fault === 'torn') throw systemError('EIO')
      return bytes.length >> 1
    }
    this.#files.check('append')
    return await this.#file.append(parts)
  }

  async datasync() {
    this.#files.check('datasync')
    await this.#file.datasync()
  }

  async truncate(length: number) {
    this.#files.check('truncate')
    await this.#file.truncate(length)
  }

  close() {
    return this.#file.close()
  }
}

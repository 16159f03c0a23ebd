/**
 * Where a sealed value goes in the end: into a buffer of bytes. Writing it is part of the work, since a text that was
 * put together from pieces costs its copying only when somebody reads it.
 */
export class TextSink {
  readonly #buffer = Buffer.alloc(2 ** 16)

  /** @param text - ASCII, at most 64 KiB. */
  write(text: string): void {
    this.#buffer.write(text, 0, 'latin1')
  }
}

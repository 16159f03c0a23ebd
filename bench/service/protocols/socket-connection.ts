import type { Socket } from 'node:net'
import type { Answer, Connection } from './protocol.ts'

/** A connection over TCP with one request at a time. It connects when it is used, and again after it was closed. */
export abstract class SocketConnection implements Connection {
  protected readonly port: number
  #socket: Socket | undefined
  #settle: { answered: (answer: Answer) => void; lost: (error: Error) => void } | undefined

  constructor(port: number) {
    this.port = port
  }

  /** A socket that connects, and whose answers go to `answered`. */
  protected abstract open(): Socket

  /** @throws `Error` where the connection ends before the answer does. */
  async exchange(parts: readonly Buffer[]): Promise<Answer> {
    this.#socket ??= await this.#connect()
    const socket = this.#socket
    return new Promise((answered, lost) => {
      this.#settle = { answered, lost }
      socket.cork()
      for (const part of parts) socket.write(part)
      socket.uncork()
    })
  }

  close(): void {
    this.#socket?.destroy()
  }

  protected answered(answer: Answer): void {
    this.#settle?.answered(answer)
    this.#settle = undefined
  }

  /** The next request gets a connection of its own. */
  protected forget(socket: Socket): void {
    if (this.#socket === socket) this.#socket = undefined
    socket.destroy()
  }

  #connect(): Promise<Socket> {
    const socket = this.open()
    return new Promise((connected, failed) => {
      const ended = (error = new Error('the connection was closed')): void => {
        this.forget(socket)
        failed(error)
        this.#settle?.lost(error)
        this.#settle = undefined
      }
      socket.once('connect', () => connected(socket))
      socket.on('error', ended)
      socket.on('end', ended)
      socket.on('close', () => ended())
    })
  }
}

import type { EventEmitter } from 'node:events'
import { constants } from 'node:os'

/** What ends the service: the first one lets it finish, the second one does not. */
const ENDING = ['SIGTERM', 'SIGINT'] as const

/** Signals to the service. From its making on none is lost and none ends the process by itself. */
export class Signals {
  /** Resolves with the first SIGTERM or SIGINT. */
  readonly stop: Promise<void>
  #stopAsked = false
  #onReload: (() => void) | undefined
  #reloadAsked = false

  /**
   * @param emitter - `process`.
   * @param force - called for each SIGTERM or SIGINT after the first, with the exit code that shells give: 130 or 143.
   */
  constructor(emitter: EventEmitter, force: (exitCode: number) => void) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.stop = promise
    for (const signal of ENDING) {
      emitter.on(signal, () => {
        if (this.#stopAsked) force(128 + constants.signals[signal])
        this.#stopAsked = true
        resolve()
      })
    }
    emitter.on('SIGHUP', () => this.reload())
    // Node makes nothing of it, and by default it would end the service.
    emitter.on('SIGUSR2', () => {})
  }

  get stopAsked(): boolean {
    return this.#stopAsked
  }

  /** As SIGHUP does: what is asked for before anything can be reloaded is made up for, once. */
  reload(): void {
    if (this.#onReload === undefined) this.#reloadAsked = true
    else this.#onReload()
  }

  /** Calls this at each SIGHUP from now on, and once at once if there has been one. */
  onReload(reload: () => void): void {
    this.#onReload = reload
    if (this.#reloadAsked) reload()
    this.#reloadAsked = false
  }
}

import { setTimeout as wait } from 'node:timers/promises'

const PAUSE_MS = 50
/** Pauses without any news after which nothing more is expected: 30 s. */
const PATIENCE = 600

/**
 * Waits until something has come to its end, as long as there is news of it.
 *
 * @param look - what is complete, and a number that grows with each news.
 */
export async function untilComplete(look: () => { readonly complete: boolean; readonly news: number }): Promise<void> {
  let before = -1
  for (let quiet = 0; quiet < PATIENCE; quiet++) {
    const { complete, news } = look()
    if (complete) return
    if (news !== before) quiet = 0
    before = news
    await wait(PAUSE_MS)
  }
}

/** Something that the demo said and that is not so. */
export class BrokenClaim extends Error {
  override readonly name = 'BrokenClaim'
}

/** Every sentence that the demo prints is checked by it: what does not hold ends it with exit code 1. */
export function holds(claim: string, condition: boolean): void {
  if (!condition) throw new BrokenClaim(claim)
}

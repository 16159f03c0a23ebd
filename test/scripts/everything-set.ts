/** The example with everything set that it leaves unset: what has a `#` without a space before it. */
export function everythingSet(example: string): string {
  return example.replaceAll(/^( *)#(?=[^ \n])/gm, '$1')
}

const ANY_DIGIT = '[0-9]'

/** `(?:0[1-9]|1[0-2])`: alternatives of digits alone, there once. */
const DIGIT_GROUP = /\(\?:((?:[0-9]|\[0-9\]|\|)+)\)(?![?*+{])/g

/**
 * A shape for the first look at many values: where it wants certain digits it takes any.
 *
 * What tells days from months, or one country's first digits from another's, would make an automaton of all numbers
 * remember which digits it has seen; for the first look it is enough that they are digits.
 */
export function loosenedDigits(shape: string): string {
  let loosened = shape
    .replace(/\[[0-9-]+\]/g, ANY_DIGIT)
    .replace(/\[0-9\]\{([1-9])\}/g, (_, count: string) => ANY_DIGIT.repeat(Number(count)))
  for (let before = ''; before !== loosened; ) {
    before = loosened
    loosened = loosened.replace(DIGIT_GROUP, (group: string, alternatives: string) => {
      const lengths = alternatives.split('|').map((one) => one.replaceAll(ANY_DIGIT, 'd').length)
      return lengths[0]! > 0 && lengths.every((length) => length === lengths[0]) ? ANY_DIGIT.repeat(lengths[0]!) : group
    })
  }
  return loosened
}

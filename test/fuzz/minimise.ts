/** Takes bytes away as long as `fails` holds: ever smaller pieces, front to back. */
export function minimise(input: Buffer, fails: (candidate: Buffer) => boolean): Buffer {
  let smallest = input
  for (let piece = Math.ceil(input.length / 2); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < smallest.length; ) {
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + piece)])
      if (fails(candidate)) smallest = candidate
      else at += piece
    }
  }
  return smallest
}

/** A size as an operator writes it. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let [size, unit] = [bytes, 0]
  while (size >= 1024 && size % 1024 === 0) [size, unit] = [size / 1024, unit + 1]
  return `${size}${units[unit]}`
}

/** A domain has at most 253 characters; those of other scripts take up to four bytes each. */
export const DOMAIN_BYTES = 4 * 253

const DOMAIN_RUN = /[0-9A-Za-z.\x80-\xff-]*/y

/** What nearly all domains are: labels of ASCII, the last of letters, and nothing behind it. */
const USUAL_DOMAIN = /(?![-]|v?\d)(?:[0-9A-Za-z-]+\.)+[A-Za-z]{2,63}(?![0-9A-Za-z.\x80-\xff-])/y

/** Version numbers after package names: `react@18.2.0-rc.next`. `4.8.example.com` and `163.com` are domains. */
const VERSION = /^v?\d+\.\d+(?:[.-]\d|-|$)/

/** Images for dense screens: `icon@2x.png`, `logo@1.5x.webp`. */
const RETINA = /^\d+(?:\.\d+)?x(?:[.-]|$)/

/** File extensions and unit types of systemd that are no top-level domains. */
const NOT_TOP_LEVEL = new Set(
  [
    'apk avif bak bin bmp bz2 cfg class conf config cpp cs csproj css csv dat dex diff dll dmg doc docx dylib eot exe',
    'gif gradle gz heic htm html icns ico ini ipynb jar java jpeg jpg js json jsonl jsx kt less lock log mjs cjs mts',
    'cts mp3 mp4 ogg otf patch pdf php plist png ppt pptx proto pyc rar rb scss sql sqlite svg swift tar tgz tif tiff',
    'toml ts tsx ttf txt vue war wasm wav webm webp woff xls xlsx xml xz yaml yml zst',
    'automount device mount path scope service slice socket swap timer',
  ].flatMap((line) => line.split(' ')),
)

/** A top-level domain of ASCII letters at the start of a label; a hyphen or another script may follow it. */
const TOP_LEVEL = /^(?:xn--[0-9a-z-]+|[A-Za-z]{2,63}(?![0-9A-Za-z]))/i

const FOREIGN_LETTERS = /^[\p{L}\p{M}]{2,}/u

/**
 * Where the domain of an address ends.
 *
 * @param text - latin1.
 * @param start - first byte after the at-sign.
 * @returns undefined where no domain stands there.
 */
export function addressDomainEnd(text: string, start: number): number | undefined {
  USUAL_DOMAIN.lastIndex = start
  if (USUAL_DOMAIN.test(text) && USUAL_DOMAIN.lastIndex - start <= DOMAIN_BYTES) {
    const end = USUAL_DOMAIN.lastIndex
    return NOT_TOP_LEVEL.has(text.slice(text.lastIndexOf('.', end) + 1, end).toLowerCase()) ? undefined : end
  }
  DOMAIN_RUN.lastIndex = start
  const run =
    DOMAIN_RUN.exec(text)?.[0]
      .slice(0, DOMAIN_BYTES)
      .split('..', 1)[0]
      ?.replace(/[.-]+$/, '') ?? ''
  if (/^[.-]/.test(run) || VERSION.test(run) || RETINA.test(run)) return undefined
  const labels = run.split('.')
  if (NOT_TOP_LEVEL.has(labels.at(-1)!.toLowerCase())) return undefined
  // What follows the domain without a space (`example.com.2024`) is not part of it.
  for (let last = labels.length - 1; last >= 1; last -= 1) {
    const topLevelBytes = leadingTopLevelBytes(labels[last]!)
    if (topLevelBytes > 0) return start + labels.slice(0, last).join('.').length + 1 + topLevelBytes
  }
  return undefined
}

function leadingTopLevelBytes(label: string): number {
  const ascii = TOP_LEVEL.exec(label)?.[0]
  if (ascii !== undefined) return ascii.length
  if (!/^[\x80-\xff]/.test(label)) return 0
  return Buffer.byteLength(FOREIGN_LETTERS.exec(Buffer.from(label, 'latin1').toString())?.[0] ?? '')
}

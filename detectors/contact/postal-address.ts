import type { Detector } from '../detector.ts'
import { keysEndingWith, namedValue } from '../named-value.ts'

export const postalAddress: Detector = namedValue({
  name: 'postal_address',
  title: 'Postal address',
  group: 'contact',
  finds: 'The whole value under keys that name a postal address, a line of one, or a street.',
  misses:
    'Addresses in texts: they have no shape. The key `address` alone, and those of hosts (`server.address`), which mostly have addresses of networks; towns, regions and countries.',
  keys: [
    keysEndingWith(
      '(?:street|postal|post|mailing|home|house|billing|shipping|delivery|residential|residence|permanent|current|previous|work|office|business|invoice) ?address(?:es)?(?: ?line)?(?: ?[1-4])?',
      '(?:user|customer|patient|employee|member|contact|recipient|sender|person|buyer|seller|guest) ?(?:home |postal )?address(?: ?line)?(?: ?[1-4])?',
      '(?:address|addr) ?line ?[1-4]?',
      '(?:address|addr|street) ?[1-4]',
      'street(?: ?(?:name|number|no|line))?(?: ?[1-4])?',
      'full ?address',
      'formatted ?address',
      'anschrift|postanschrift|wohnanschrift|lieferanschrift|lieferadresse|rechnungsadresse|strasse|straße|hausnummer',
      'adresse ?(?:postale|de livraison|de facturation|domicile)',
      'direcci[oó]n ?(?:postal|de env[ií]o|de facturaci[oó]n)?|domicilio',
      'indirizzo|endere[cç]o|adres ?zamieszkania|woonadres|postadres',
      '住所|地址|주소',
    ),
  ],
  lowEntropy: false,
  examples: ['12 Example Street, Springfield'],
})

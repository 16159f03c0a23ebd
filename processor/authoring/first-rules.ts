/** A year from a day, as rule files have days. */
function yearAfter(now: Date): string {
  const later = new Date(now)
  later.setUTCFullYear(later.getUTCFullYear() + 1)
  return later.toISOString().slice(0, 10)
}

/**
 * A first rule file, with tests beside its rules.
 *
 * @param schema - the JSON Schema for editors, relative to the file.
 * @param now - the exception in it ends a year later.
 */
export function firstRules(schema: string, now: Date): string {
  return `# yaml-language-server: $schema=${schema}
#
# Rules of your own. Each says what to look for, where, and what becomes of it. Begin by putting your own words in the
# place of owner, purpose and justification.
#
#   fieldseal lint rules.yaml --strict      is everything well formed, and does it do what it seems to?
#   fieldseal test rules.yaml --coverage    do the rules pass their tests, and is every rule tested?

engine: '>=1'

rules:
  - id: email-addresses
    title: E-mail addresses
    status: experimental
    owner: privacy team
    data_category: contact
    purpose: customer support
    justification: GDPR, article 32
    level: medium
    detect: email
    seal: {to: default}
    except:
      - name: status-page
        path: attributes.status_page.**
        reason: public addresses of our own
        owner: platform team
        expires: ${yearAfter(now)}
    tests:
      seal:
        - name: an address in a text, whose surroundings stay readable
          body: please write to jane.doe@example.com today
          recipients: default
          after: please write to [sealed:email] today
      keep:
        - build of branch release@2 failed
        - name: an address of our own on the status page
          attributes: {status_page: {contact: help@example.com}}
          except: status-page

  - id: payment-cards
    title: Payment card numbers with a valid check digit
    status: experimental
    owner: payments team
    data_category: payment
    purpose: settlement of orders
    justification: PCI DSS 3.5.1
    level: high
    detect: payment_card
    seal: {to: default}
    tests:
      seal:
        - name: a number as it is printed
          body: paid with 4111 1111 1111 1111
          after: paid with [sealed:payment_card]
      keep:
        - name: a number whose check digit is wrong
          body: order 4111 1111 1111 1112

  - id: card-codes
    title: Card verification codes, by the name of the field
    status: experimental
    owner: payments team
    data_category: sensitive authentication data
    purpose: authorisation of card payments
    justification: PCI DSS 3.3.1. They are never kept, not even sealed.
    level: critical
    key: ['(?i)^(cvv2?|cvc2?)$']
    drop: {}
    tests:
      seal:
        - {name: a code, attributes: {card: {cvv: '123'}}, path: attributes.card.cvv}
      keep:
        - {name: the outcome of its check, attributes: {card: {cvv_result: match}}}
`
}

/** Records that the first rules do something with, and others: made up, one a line. */
export function firstSample(): string {
  const records = [
    { level: 'info', msg: 'service started', version: '1.4.2', port: 8080 },
    { level: 'info', msg: 'GET /orders/81724 200 in 12 ms', request_id: '7f3c2a9e' },
    { level: 'info', msg: 'order 81724: confirmation sent to jane.doe@example.com', customer: { tier: 'gold' } },
    { level: 'warn', msg: 'payment declined for card 4111 1111 1111 1111, 2 attempts left', order: 81724 },
    { level: 'debug', msg: 'payment form', card: { number: '5500 0000 0000 0004', cvv: '123', cvv_result: 'match' } },
    { level: 'info', msg: 'status page refreshed', status_page: { contact: 'help@example.com' } },
    { level: 'error', msg: 'no reply to john.roe@example.org: 550 mailbox unavailable' },
  ]
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

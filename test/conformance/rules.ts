import type { RuleInput } from '../../rules/schema/index.ts'

/** One rule file for the whole corpus: every action, on parts of texts, whole values, containers and keys. */
export const RULES: readonly RuleInput[] = [
  { id: 'card-codes', key: '(?i)^(cvv2?|cvc2?)$', drop: {} },
  {
    id: 'cards',
    detect: 'payment_card',
    path: '**',
    seal: { to: ['fraud', 'dpo'] },
    except: [{ name: 'test-cards', pattern: '^5105', reason: 'scheme test numbers' }],
  },
  { id: 'mails', detect: 'email', path: ['body.**', 'attributes.**'], seal: { to: 'all' } },
  { id: 'contacts', path: 'attributes.contact', seal: { to: 'dpo' } },
  { id: 'notes', path: 'attributes.note', seal: { to: 'security', layout: 'record' } },
  { id: 'amounts', path: 'attributes.amount', seal: { to: 'fraud', as: 'sibling' } },
  { id: 'tokens', key: '^token$', seal: { to: 'security', serialization: 'compact' } },
  { id: 'login-names', key: '(?i)^(user_?name|login)$', hash: { key: 'k' } },
  { id: 'orders', pattern: 'order-[0-9]{4}', hash: { key: 'k' } },
  { id: 'phones', detect: 'phone_e164', mask: { keep_last: 3 } },
  { id: 'ssn', detect: 'us_ssn', drop: {} },
  { id: 'debug', path: 'attributes.debug.**', where: { 'attributes.env': 'test' }, mask: {} },
  { id: 'audit', path: 'attributes.audit', where: { 'attributes.env': ['live', 'test'] }, drop: {} },
  { id: 'hosts', path: 'resource.host.ip', mask: {} },
]

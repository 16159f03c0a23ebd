import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DETECTORS } from '../../../detectors/index.ts'
import { rulesListCommand } from '../../../processor/cli/rules-list.ts'
import { rulesShowCommand } from '../../../processor/cli/rules-show.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

const RULES = `detectors:
  - {name: staff_number, title: Staff numbers, description: Numbers on cards., pattern: 'E[0-9]{6}', near: [staff, employee]}
rules:
  - id: cards
    title: Payment cards
    description: Cards of customers.
    owner: payments
    data_category: payment
    purpose: sales
    justification: PCI DSS
    level: critical
    status: stable
    falsepositives: [order numbers]
    detect: payment_card
    seal: {to: [fraud, dpo], text: whole}
    except: [{name: tests, pattern: '^4111', path: body, reason: scheme numbers, owner: payments, expires: 2999-01-01}]
    tests:
      seal: [a, {name: in a field, attributes: {x: y}}]
      keep: [b]
      todo_keep: [c]
  - {id: staff, detect: staff_number, near: badge, within: 20, mask: {keep_last: 2}, path: [body, attributes.**]}
  - {id: codes, key: '^cvv$', drop: {}}
  - {id: logins, path: attributes.login, key: '^login$', where: {resource.service.name: [a, b]}, hash: {key: pseudonyms}}
  - {id: tenants, detect: email, seal: {to: 'tenant:{resource.tenant.id}', fallback: dpo}}
  - {id: tries, detect: email, mode: audit, expires: 2999-01-01, where: {tag: x}, drop: {}}
`

async function list(...argv: string[]) {
  const io = capturedIo()
  const file = join(temporaryFolder({ 'r.yaml': RULES }), 'r.yaml')
  expect(await rulesListCommand.execute([file, ...argv], io)).toBe(0)
  return io.written()
}

async function show(id: string) {
  const io = capturedIo()
  const file = join(temporaryFolder({ 'r.yaml': RULES }), 'r.yaml')
  expect(await rulesShowCommand.execute([id, file], io)).toBe(0)
  return io.written().replace(file, 'r.yaml')
}

/** A section of what is told of a rule, on one line. */
const section = async (id: string, name: string) =>
  (await show(id))
    .split('\n\n')
    .find((block) => block.startsWith(`${name}\n`))
    ?.slice(name.length)
    .replace(/\s+/g, ' ')
    .trim()

describe('a list of rules', () => {
  test('is a table', async () => {
    expect((await list()).split('\n')).toEqual([
      'id       title          action  for                                    where                                             tests                   mode',
      'cards    Payment cards  seal    fraud, dpo                             everywhere                                        2 act, 1 keep, 1 to do  enforce',
      'staff                   mask                                           body, attributes.**                               none                    enforce',
      'codes                   drop                                           by name of field                                  none                    enforce',
      'logins                  hash                                           attributes.login; by name of field; where resou…  none                    enforce',
      'tenants                 seal    tenant:{resource.tenant.id}, else dpo  everywhere                                        none                    enforce',
      'tries                   drop                                           everywhere; where tag: x                          none                    audit until 2999-01-01',
      '',
    ])
  })

  test('is data for programs, where nothing is cut short', async () => {
    const rules = JSON.parse(await list('--output', 'json'))
    expect(rules).toHaveLength(6)
    expect(rules[0]).toMatchObject({ id: 'cards', to: ['fraud', 'dpo'], tests: { seal: 2, keep: 1, todo: 1 }, line: 4 })
    expect(rules[3]).toMatchObject({ where: { 'resource.service.name': ['a', 'b'] }, path: ['attributes.login'] })
  })

  test('says what is wrong with a file instead', async () => {
    const file = join(temporaryFolder({ 'r.yaml': 'rules: [{id: a, drop: {}}]\n' }), 'r.yaml')
    const io = capturedIo()
    expect(await rulesListCommand.execute([file], io)).toBe(78)
    expect(io.complained()).toContain('r.yaml:1:9: ')
    await expect(rulesListCommand.execute(['/nowhere'], io)).rejects.toMatchObject({ exit: 78 })
  })
})

describe('a rule in plain words', () => {
  test('begins with its title, where it stands, and what it is for', async () => {
    expect((await show('cards')).split('\n').slice(0, 4)).toEqual([
      'cards: Payment cards',
      '  r.yaml, line 4',
      '  Cards of customers.',
      '',
    ])
  })

  test('says what each action does', async () => {
    const does = (id: string) => section(id, 'what it does')
    expect(await does('cards')).toBe(
      'Seals what it finds for fraud and dpo. Each of them can open it, alone. A text with a match is sealed whole.',
    )
    expect(await does('staff')).toContain('Masks what it finds with ****, and leaves the last 2 characters readable.')
    expect(await does('codes')).toContain('Drops what it finds')
    expect(await does('logins')).toContain('with the key "pseudonyms"')
    expect(await does('tenants')).toBe(
      'Seals what it finds for the tenant that resource.tenant.id names (or dpo, where that is not known).',
    )
    expect(await does('tries')).toContain(
      'It is in audit: it only counts what it would do, and acts from 2999-01-01 on.',
    )
  })

  test('has the documentation of its detectors', async () => {
    const card = DETECTORS.find(({ name }) => name === 'payment_card')!
    const looks = await section('cards', 'what it looks for')
    expect(looks).toContain(`payment_card: ${card.title} ${card.finds} It counts wherever it stands.`)
    expect(looks).toContain(card.misses)
  })

  test('has those of its file, and the words of the rule in the place of theirs', async () => {
    expect(await section('staff', 'what it looks for')).toBe(
      'staff_number: Staff numbers Numbers on cards. It counts only where "badge" stands within 20 characters, or names the field.',
    )
  })

  test('says where it looks, and in which records', async () => {
    const looks = (id: string) => section(id, 'where it looks')
    expect(await looks('cards')).toBe('In all texts and fields of a record.')
    expect(await looks('staff')).toBe('In the fields body and attributes.**.')
    expect(await looks('codes')).toBe('In fields whose names match ^cvv$. They are taken whole.')
    expect(await looks('logins')).toBe(
      'In the fields attributes.login, of these in fields whose names match ^login$. They are taken whole. Only in records whose resource.service.name is a or b. Where that is missing, the rule does not apply.',
    )
    expect(await looks('tries')).toContain('the rule applies all the same')
  })

  test('has exceptions, metadata and tests', async () => {
    expect(await section('cards', 'exceptions')).toBe(
      'tests Keeps what the pattern ^4111 matches, and what stands at body. Reason: scheme numbers. Owner: payments. It ends on 2999-01-01.',
    )
    expect(await section('cards', 'who and why')).toBe(
      'owner: payments kind of data: payment purpose: sales justification: PCI DSS harm if it got out: critical status: stable known to find wrongly: order numbers',
    )
    expect(await section('cards', 'tests')).toBe(
      '2 records that it must act on, 1 that it must leave alone, and 1 that it does not pass yet. They show: in a field.',
    )
    expect(await section('codes', 'exceptions')).toBeUndefined()
  })

  test('has no line of more than 100 columns', async () => {
    for (const id of ['cards', 'staff', 'codes', 'logins', 'tenants', 'tries'])
      for (const line of (await show(id)).split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('is asked for by an id that exists', async () => {
    await expect(show('card')).rejects.toMatchObject({ message: 'no rule has this id; did you mean "cards"?' })
  })
})

import { NODE } from '../../rules/plan.ts'
import { type Scalar, type WhereTest, whereHolds } from '../../rules/where.ts'
import { type Batch, FIELD, KIND, OWNER_KIND } from '../formats/batch.ts'
import { textOf } from '../formats/value-text.ts'
import { booleanOf } from './source-text.ts'

/**
 * Whether the conditions of rules hold for the records of a batch.
 *
 * Each is weighed once for a record, and once for a resource and a scope: a field can be there as often as its sender
 * likes, and so can what the rule finds.
 */
export class Conditions {
  readonly #batch: Batch
  readonly #answers = new Map<WhereTest, Map<number, boolean | undefined>>()
  #values: Map<string, Scalar[]> | undefined

  constructor(batch: Batch) {
    this.#batch = batch
  }

  /**
   * @param index - of the owner of the value that the rule is about.
   * @returns undefined where the owner, and the resource and scope that a record belongs to, lack the field.
   */
  holds(test: WhereTest, index: number): boolean | undefined {
    const answers = this.#answers.get(test) ?? new Map<number, boolean | undefined>()
    this.#answers.set(test, answers)
    const owner = this.#batch.owners[index]!
    if (owner.kind !== OWNER_KIND.RECORD) return this.#ownerHolds(test, index, answers)
    const parts = [index, owner.resource, owner.scope].map((at) => this.#ownerHolds(test, at, answers))
    return parts.includes(true) ? true : parts.includes(false) ? false : undefined
  }

  /**
   * The one text that a field has in an owner, and in the resource and scope that a record belongs to; undefined where
   * it has none, or several.
   */
  only(field: number, index: number): string | undefined {
    const owner = this.#batch.owners[index]!
    const parts = owner.kind === OWNER_KIND.RECORD ? [index, owner.resource, owner.scope] : [index]
    this.#values ??= conditionValues(this.#batch)
    const values = new Set(parts.flatMap((at) => this.#values!.get(`${field}:${at}`) ?? []))
    const [value] = values
    return values.size === 1 && typeof value === 'string' ? value : undefined
  }

  #ownerHolds(test: WhereTest, index: number, answers: Map<number, boolean | undefined>): boolean | undefined {
    if (answers.has(index)) return answers.get(index)
    this.#values ??= conditionValues(this.#batch)
    const answer = whereHolds(test, this.#values.get(`${test.field}:${index}`) ?? [])
    answers.set(index, answer)
    return answer
  }
}

/** By `where` field and owner: the values found. */
function conditionValues(batch: Batch): Map<string, Scalar[]> {
  const found = new Map<string, Scalar[]>()
  for (let row = 0; row < batch.count; row += 1) {
    if ((batch.flags(row) & NODE.WHERE) === 0) continue
    const value = scalarOf(batch, row)
    if (value === undefined) continue
    for (const field of batch.node(row).scope.whereFields) {
      const key = `${field}:${batch.get(row, FIELD.OWNER)}`
      const values = found.get(key)
      if (values === undefined) found.set(key, [value])
      else values.push(value)
    }
  }
  return found
}

function scalarOf(batch: Batch, row: number): Scalar | undefined {
  switch (batch.kind(row)) {
    case KIND.TEXT:
    case KIND.ESCAPED:
    case KIND.LINE:
      return textOf(batch, row).toString('utf8')
    case KIND.NUMBER:
    case KIND.VARINT:
    case KIND.DOUBLE:
    case KIND.REAL:
    case KIND.INTEGER:
    case KIND.FLOAT:
      return Number(textOf(batch, row).toString('latin1'))
    case KIND.BOOLEAN:
      return booleanOf(batch, row)
    default:
      return undefined
  }
}

import { expect, test } from 'vitest'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { torture } from './torture.ts'

test('no line is lost, whenever who reads is killed, and however files are rotated meanwhile', async () => {
  const { written, lost, renamed, copied, events } = await torture({ folder: temporaryFolder(), kills: 25 })
  expect(lost).toEqual([])
  expect(written).toBeGreaterThan(1000)
  expect(renamed).toBeGreaterThan(0)
  expect(copied).toBeGreaterThan(0)
  expect(events).not.toHaveProperty('positions-damaged')
  expect(events).not.toHaveProperty('line-left-out')
})

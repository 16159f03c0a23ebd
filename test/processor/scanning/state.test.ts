import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serviceLogLines } from '../../../bench/workloads/service-log-lines.ts'
import { ENVIRONMENT } from '../../processes.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { until } from '../sources/suite.ts'
import { countsOf, type ScanJson, scanJson } from './scans.ts'

const MAIN = join(import.meta.dirname, '../../../processor/cli/main.ts')
const ONLY_MAIL = ['--detectors', 'email,payment_card']
const line = (number: number) => `{"n":${number},"msg":"from user${number}@example.com"}\n`
const { bytes, planted } = serviceLogLines(7, 5)

/** Long enough that it is not over before the state has been written for the first time. */
function largeFile(folder: string, copies: number): string {
  const file = join(folder, 'large.log')
  writeFileSync(file, Buffer.concat(Array.from({ length: copies }, () => bytes)))
  return file
}

function start(...argv: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, 'scan', '--json', ...ONLY_MAIL, ...argv], { env: ENVIRONMENT })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

describe('a scan that is stopped', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)('by %s goes on where it was, and counts the same', async (signal) => {
    const copies = 200
    const folder = temporaryFolder()
    const file = largeFile(folder, copies)
    const state = join(folder, 'state')
    const first = start('--state', state, file)
    const written = text(first.stdout!)
    await until(() => existsSync(state))
    first.kill(signal)
    const [exit] = await once(first, 'close')
    expect(exit).toBe(signal === 'SIGINT' ? 130 : null)
    const { offset } = JSON.parse(readFileSync(state, 'utf8')).files[0] as { offset: number }
    expect(offset).toBeGreaterThan(0)
    expect(offset).toBeLessThan(copies * bytes.length)
    if (signal === 'SIGINT') expect(JSON.parse(await written)).toMatchObject({ complete: false, bytes: offset })

    const { result, counts } = await scanJson([...ONLY_MAIL, '--state', state, file])
    expect(result).toMatchObject({ complete: true, records: 512 * copies, bytes: copies * bytes.length })
    expect(result.findings).toBe(copies * planted.length)
    const whole = await scanJson([...ONLY_MAIL, file])
    expect(counts).toEqual(whole.counts)
    expect(result.by).toEqual(whole.result.by)
  })
})

describe('a scan with a state', () => {
  const setUp = (content: string | Buffer) => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.log')
    writeFileSync(file, content)
    const state = join(folder, 'state')
    const run = async (...files: string[]) => {
      const { result } = await scanJson([...ONLY_MAIL, '--state', state, ...(files.length > 0 ? files : [file])])
      return { records: result.records, mails: countsOf(result as ScanJson)['email body'] ?? 0 }
    }
    return { folder, file, state, run }
  }

  test('goes on behind what it has scanned, and a line that was not finished counts once', async () => {
    const { file, run, state } = setUp(`${line(1)}{"msg":"from user2@example.com"`)
    expect(await run()).toEqual({ records: 2, mails: 2 })
    appendFileSync(file, `}\n${line(3)}`)
    expect(await run()).toEqual({ records: 3, mails: 3 })
    expect(await run()).toEqual({ records: 3, mails: 3 })
    expect(statSync(state).mode & 0o777).toBe(0o600)
    expect(readFileSync(state, 'utf8')).not.toContain('user1@')
  })

  test('knows a file by its inode under another name, and another content by how it begins', async () => {
    const { folder, file, run } = setUp(line(1) + line(2))
    expect(await run()).toEqual({ records: 2, mails: 2 })
    renameSync(file, join(folder, 'a.log.1'))
    writeFileSync(file, line(3))
    expect(await run(file, join(folder, 'a.log.1'))).toEqual({ records: 3, mails: 3 })
    // The same inode, and as long as before.
    writeFileSync(file, line(4) + line(5))
    expect(await run()).toEqual({ records: 2, mails: 2 })
  })

  test('decompresses anew what was compressed, and scans what is new', async () => {
    const { file, run } = setUp(gzipSync(line(1) + line(2)))
    expect(await run()).toEqual({ records: 2, mails: 2 })
    appendFileSync(file, gzipSync(line(3)))
    expect(await run()).toEqual({ records: 3, mails: 3 })
  })

  test('is refused with other options, where the state is damaged, and where it cannot be written', async () => {
    const { file, state, folder, run } = setUp(line(1))
    await run()
    await expect(scanJson(['--detectors', 'email', '--state', state, file])).rejects.toThrow('other options')
    writeFileSync(state, '{')
    await expect(run()).rejects.toMatchObject({ code: 'FIELDSEAL_POSITIONS_FAILED' })
    const missing = join(folder, 'none/state')
    await expect(scanJson([...ONLY_MAIL, '--state', missing, file])).rejects.toMatchObject({ exit: 73 })
    await expect(scanJson([...ONLY_MAIL, '--state', state], [line(1)])).rejects.toMatchObject({ exit: 64 })
  })
})

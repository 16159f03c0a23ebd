import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FileStream } from '../../../../processor/sinks/stdout/line-stream.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'

const MODULE = join(import.meta.dirname, '../../../../processor/sinks/stdout/line-stream.ts')

/** A process that writes to its standard output, and says on standard error what comes of it. */
function writing(program: string) {
  const code = `import { standardOutput } from ${JSON.stringify(MODULE)}
    const stream = standardOutput()
    const say = (text) => process.stderr.write(text + '\\n')
    ${program}`
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] })
}

test('a pipe that is full makes the writer wait, and nothing else of its process', async () => {
  const child = writing(`
    const written = stream.write(Buffer.alloc(1 << 22, 'x')).then(() => say('written'))
    let ticks = 0
    const timer = setInterval(() => { ticks += 1; if (ticks === 10) say('alive') }, 5)
    await written
    clearInterval(timer)`)
  child.stdout.pause()
  const [first] = await once(child.stderr, 'data')
  expect(String(first)).toBe('alive\n')
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  child.stdout.resume()
  const [second] = await once(child.stderr, 'data')
  expect(String(second)).toBe('written\n')
  await once(child, 'close')
  expect(bytes).toBe(1 << 22)
})

test('a pipe that nobody reads any more is an error with a code', async () => {
  const child = writing(`
    try { for (;;) await stream.write(Buffer.alloc(100_000)) } catch (error) { say(error.code) }`)
  child.stdout.destroy()
  const [said] = await once(child.stderr, 'data')
  expect(String(said)).toBe('EPIPE\n')
})

test('a file has all of the bytes', async () => {
  const path = join(temporaryFolder(), 'out')
  const descriptor = openSync(path, 'a')
  const stream = new FileStream(descriptor, fstatSync(descriptor))
  await stream.write(Buffer.from('one\n'))
  await stream.write(Buffer.from('two\n'))
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
})

import { PassThrough } from 'node:stream'
import { stdinSourceSettings } from '../../../../processor/sources/stdin/settings.ts'
import { stdinSource } from '../../../../processor/sources/stdin/source.ts'
import { testReadingSource } from '../reading-suite.ts'

testReadingSource('stdin', {
  create(context) {
    const input = new PassThrough()
    const settings = stdinSourceSettings.parse({ type: 'stdin', max_line: '64KiB', batch: '64KiB', gather: '20ms' })
    return {
      source: stdinSource(settings, context, () => input),
      write: (bytes) => void input.write(bytes),
    }
  },
})

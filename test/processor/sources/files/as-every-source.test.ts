import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesSource } from '../../../../processor/sources/files/source.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { testReadingSource } from '../reading-suite.ts'
import { filesSettings } from './fixtures.ts'

testReadingSource('files', {
  create(context) {
    const folder = temporaryFolder()
    const path = join(folder, 'app.log')
    return {
      source: filesSource(filesSettings(folder), context),
      write: (bytes) => appendFileSync(path, bytes),
    }
  },
})

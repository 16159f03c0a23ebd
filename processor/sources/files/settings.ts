import { z } from 'zod'
import { path } from '../../config/network.ts'
import { duration, wholeNumber } from '../../config/units.ts'
import { lineSettings } from '../lines/settings.ts'

/** Settings of `type: files` in `sources`. */
export const filesSourceSettings = z
  .strictObject({
    type: z.literal('files').meta({
      description:
        'Lines of files, as `tail -F` reads them: by name, across rotation, and from where it was after a restart. One worker reads.',
    }),
    include: z
      .array(path)
      .min(1)
      .meta({
        description:
          'Files, as paths or patterns: `*`, `?`, `[ab]`, `{a,b}`, and `**` for folders at any depth. Links are followed. Rotated files that match are read too, once.',
        examples: [['/var/log/app/*.log']],
      }),
    exclude: z
      .array(path)
      .default([])
      .meta({ description: 'Files that are not read though `include` names them.', examples: [['/var/log/app/*.gz']] }),
    positions: path.meta({
      description:
        'The file that says how far each file was read, mode 0600, without any text of a record. Its folder must be there, and be writable. One source, one file.',
      examples: ['/var/lib/fieldseal/app.positions.json'],
    }),
    start: z.enum(['beginning', 'end']).default('beginning').meta({
      description:
        'Where files are begun that are there when there is no position file yet. Files that come later are read from the beginning.',
    }),
    ...lineSettings,
    poll: duration('10ms', '1h').prefault('250ms').meta({
      description: 'Time between two looks at the files. Changes that the system reports are looked at sooner.',
    }),
    unfinished: duration('1s', '24h').prefault('1m').meta({
      description:
        'Time after which a last line without a line break is passed on. Where it goes on later, it comes again as a whole. What stands in it as a part may not be recognised: keep it long.',
    }),
    rotate_wait: duration('0s', '24h').prefault('10s').meta({
      description:
        'Time without a new byte after which a file is left that has been renamed or deleted: programs write on for a while.',
    }),
    max_files: wholeNumber(1, 100_000)
      .default(1000)
      .meta({ description: 'Files that are open at the same time. Others wait until one is not written to any more.' }),
  })
  .meta({ title: 'files source' })

export type FilesSourceSettings = z.output<typeof filesSourceSettings>

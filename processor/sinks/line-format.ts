import { z } from 'zod'

/** How sinks that write lines write a batch: as one OTLP request, or record by record. */
export const lineFormat = z.enum(['otlp_json', 'json_lines'])
export type LineFormat = z.output<typeof lineFormat>

/** What is compared: posts a body over one of 16 connections that stay open. */
export interface HttpClient {
  /** Calls back once the whole reply has been read, with its status; 0 where there was none. */
  post(body: Buffer, done: (status: number) => void): void
}

export const CONNECTIONS = 16

/** What the sink of OTLP sends. */
export const HEADERS = { 'content-type': 'application/x-protobuf', 'user-agent': 'fieldseal/0.1.0' } as const

export const PATH = '/v1/logs'

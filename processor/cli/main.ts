#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { FieldsealError } from '../errors.ts'
import { dispatch } from './dispatch.ts'
import { V8_OPTIONS } from './v8-options.ts'

// Before any of the engine's loops is compiled.
for (const option of V8_OPTIONS) setFlagsFromString(option)

// A reader that went away (`| head`) is no fault, and there is nobody left to tell.
process.stdout.on('error', () => process.exit(new FieldsealError('FIELDSEAL_OUTPUT_FAILED', '').exit))

const { stdin, stdout, stderr, env } = process
process.exitCode = await dispatch(process.argv.slice(2), { stdin, stdout, stderr, env })

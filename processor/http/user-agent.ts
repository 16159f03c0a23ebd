/** As package.json has it; a test compares them. */
export const VERSION = '0.1.0'

/** How Fieldseal names itself to servers (RFC 9110 section 10.1.5). */
export const USER_AGENT = `fieldseal/${VERSION}`

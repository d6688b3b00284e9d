/** A first look at JSON that is meant for the library, which answers some nonsense with an error of its own. */
import { Refusal } from './refusal.ts'

export type JsonObject = Record<string, unknown>

/** Null when there is no body. */
export function parseJsonObject(body: Uint8Array): JsonObject | null {
  if (body.byteLength === 0) return null
  const value = parse(new TextDecoder().decode(body))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw notJson('It is not an object.')
  return value as JsonObject
}

export function requireText(body: JsonObject, fields: string[]): void {
  for (const field of fields) {
    const value = body[field]
    const isText = typeof value === 'string' && !value.includes('\0')
    if (value !== undefined && value !== null && !isText) throw notText(field)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notJson('It is not valid JSON.')
  }
}

const refused = (error_code: string, message: string) =>
  new Refusal(400, { code: 400, statusCode: '400', error: error_code, error_code, msg: message, message })

const notJson = (reason: string) => refused('bad_json', `The body of the request cannot be read. ${reason}`)
const notText = (field: string) => refused('validation_failed', `"${field}" must be a text.`)

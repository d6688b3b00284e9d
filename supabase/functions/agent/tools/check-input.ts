/** The part of JSON Schema that the tools use, and a check whose complaints a model can act on. */
export type Schema =
  | {
      type: 'object'
      description?: string
      properties: Record<string, Schema>
      required?: string[]
      additionalProperties: false
    }
  | { type: 'array'; description?: string; items: Schema; minItems?: number; maxItems?: number }
  | { type: 'string'; description?: string; enum?: string[]; minLength?: number; maxLength?: number }
  | { type: 'integer'; description?: string; minimum?: number; maximum?: number }
  | { type: 'boolean'; description?: string }

/** Every complaint, each with the place that it is about; none means that the input fits. */
export function checkInput(schema: Schema, value: unknown, place = 'input'): string[] {
  switch (schema.type) {
    case 'object':
      return checkObject(schema, value, place)
    case 'array':
      return checkArray(schema, value, place)
    case 'string':
      return checkString(schema, value, place)
    case 'integer':
      return checkInteger(schema, value, place)
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${place} must be true or false, not ${kindOf(value)}`]
  }
}

function checkObject(schema: Schema & { type: 'object' }, value: unknown, place: string): string[] {
  if (kindOf(value) !== 'an object') return [`${place} must be an object, not ${kindOf(value)}`]
  const given = value as Record<string, unknown>
  const known = Object.keys(schema.properties)
  const missing = (schema.required ?? []).filter((name) => given[name] === undefined)
  const unknown = Object.keys(given).filter((name) => !known.includes(name))
  return [
    ...missing.map((name) => `${place} lacks "${name}"`),
    ...unknown.map((name) => `${place} has no "${name}"; it knows ${known.join(', ')}`),
    ...known
      .filter((name) => given[name] !== undefined)
      .flatMap((name) => checkInput(schema.properties[name]!, given[name], inner(place, name))),
  ]
}

function checkArray(schema: Schema & { type: 'array' }, value: unknown, place: string): string[] {
  if (!Array.isArray(value)) return [`${place} must be an array, not ${kindOf(value)}`]
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  if (value.length < minItems) return [`${place} needs at least ${minItems} item${minItems === 1 ? '' : 's'}`]
  if (value.length > maxItems) return [`${place} has ${value.length} items; at most ${maxItems} are allowed`]
  return value.flatMap((item, index) => checkInput(schema.items, item, `${place}[${index}]`))
}

function checkString(schema: Schema & { type: 'string' }, value: unknown, place: string): string[] {
  if (typeof value !== 'string') return [`${place} must be a string, not ${kindOf(value)}`]
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  if (schema.enum && !schema.enum.includes(value))
    return [`${place} must be one of ${schema.enum.join(', ')}, not "${value.slice(0, 80)}"`]
  if (value.length < minLength)
    return [minLength === 1 ? `${place} is empty` : `${place} needs ${minLength} characters`]
  if (value.length > maxLength)
    return [`${place} has ${value.length} characters; at most ${maxLength} are allowed`]
  return []
}

function checkInteger(schema: Schema & { type: 'integer' }, value: unknown, place: string): string[] {
  if (!Number.isSafeInteger(value)) return [`${place} must be a whole number, not ${kindOf(value)}`]
  const { minimum = -Infinity, maximum = Infinity } = schema
  const number = value as number
  if (number < minimum) return [`${place} must be at least ${minimum}`]
  return number > maximum ? [`${place} must be at most ${maximum}`] : []
}

const inner = (place: string, name: string) => (place === 'input' ? name : `${place}.${name}`)

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return { object: 'an object', string: 'a string', number: 'a number', boolean: 'a boolean' }[
    typeof value as 'object'
  ]
}

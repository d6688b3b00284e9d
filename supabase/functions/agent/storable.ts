const UNSTORABLE = /[\0\p{Surrogate}]/gu // with this flag, a surrogate is one without its other half

export const isStorable = (text: string) => text.search(UNSTORABLE) === -1
export const storableText = (text: string) => text.replace(UNSTORABLE, '\ufffd')

/** As the database can hold it: no text in it may have a NUL character or half of a surrogate pair. */
export function storable<Value>(value: Value): Value {
  if (typeof value === 'string') return storableText(value) as Value
  if (Array.isArray(value)) return value.map(storable) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [storable(name), storable(inner)]),
  ) as Value
}

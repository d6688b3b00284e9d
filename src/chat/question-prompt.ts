/** The tool `ask_user`, as it asks and as it is answered. */
export type Prompt = {
  question: string
  options: { label: string; description?: string }[]
  multiple: boolean
  free_text: boolean
}

export function promptOf(value: Record<string, unknown> | undefined): Prompt {
  const { question, options, multiple, free_text } = value ?? {}
  const offered = Array.isArray(options) ? (options as Prompt['options']) : []
  return {
    question: typeof question === 'string' ? question : '',
    options: offered,
    multiple: multiple === true,
    free_text: free_text !== false || offered.length === 0,
  }
}

/** Own words beside or instead of what was chosen; null while there is no answer. */
export function answerOf(prompt: Prompt, chosen: string[], words: string): string | string[] | null {
  const own = prompt.free_text ? words.trim() : ''
  const all = own ? [...chosen, own] : chosen
  if (all.length === 0) return null
  return prompt.multiple || all.length > 1 ? all : (all[0] ?? null)
}

/** The result of the call is the answer as JSON. */
export function answerText(result: string | null): string {
  try {
    const answer: unknown = JSON.parse(result ?? '')
    return Array.isArray(answer) ? answer.join(', ') : String(answer)
  } catch {
    return result ?? ''
  }
}

/** What the model wrote so far, as findings: tolerant, since it is read again after every few words. */
import { CONFIDENCES, type Confidence, type SuggestedStep } from '../_shared/protocol.ts'

export type Findings = {
  likely_cause: string | null
  confidence: Confidence | null
  evidence: string[]
  steps: SuggestedStep[]
}

export function readFindings(text: string): Findings {
  const sections = sectionsOf(text)
  return {
    likely_cause: sections.get('likely cause')?.trim() || null,
    confidence: confidenceIn(sections.get('confidence') ?? ''),
    evidence: itemsOf(sections.get('evidence') ?? ''),
    steps: itemsOf(sections.get('steps') ?? '').map(stepOf),
  }
}

/** What a person can begin with: without a cause and how sure it is, the rest says nothing. */
export const isWhole = ({ likely_cause, confidence }: Findings) =>
  likely_cause !== null && confidence !== null

function sectionsOf(text: string): Map<string, string> {
  const sections = new Map<string, string>()
  for (const part of text.split(/^#+ +/m).slice(1)) {
    const end = part.indexOf('\n')
    if (end > 0) sections.set(part.slice(0, end).trim().toLowerCase(), part.slice(end + 1))
  }
  return sections
}

function confidenceIn(text: string): Confidence | null {
  const word = text.toLowerCase().match(/\b(low|medium|high)\b/)?.[1]
  return CONFIDENCES.find((confidence) => confidence === word) ?? null
}

/** A list, whatever marks it has; a line that goes on belongs to the item before it. */
function itemsOf(text: string): string[] {
  const items: string[] = []
  for (const line of text.split('\n')) {
    const begun = /^\s*(?:[-*]|\d+[.)])\s+(.*)$/.exec(line)?.[1]
    if (begun !== undefined) items.push(begun.trim())
    else if (items.length > 0 && line.trim()) items.push(`${items.pop()} ${line.trim()}`)
  }
  return items.filter((item) => item !== '')
}

/** "Title: what to tell the agent". */
function stepOf(item: string): SuggestedStep {
  const plain = item.replaceAll('**', '')
  const [, title, prompt] = /^([^:]{1,80}):\s+(.+)$/s.exec(plain) ?? []
  return title && prompt ? { title, prompt } : { title: plain.slice(0, 80), prompt: plain }
}

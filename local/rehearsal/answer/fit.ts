import type { Edit } from '../script/script.ts'

/** Which edits can be made to a file as it is now; what is in it already needs none, what has lost its place has none. */
export function fitEdits(content: string, edits: Edit[]): { fitting: Edit[]; lost: Edit[] } {
  const fitting: Edit[] = []
  const lost: Edit[] = []
  let now = content
  for (const edit of edits) {
    if (isMade(now, edit)) continue
    if (now.split(edit.search).length !== 2) lost.push(edit)
    else {
      fitting.push(edit)
      now = now.replace(edit.search, () => edit.replace)
    }
  }
  return { fitting, lost }
}

const isMade = (content: string, { search, replace }: Edit) =>
  replace.trim() !== '' &&
  content.includes(replace) &&
  (replace.includes(search) || !content.includes(search))

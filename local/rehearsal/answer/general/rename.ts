import type { Edit, Part } from '../../script/script.ts'
import { type ComputedRequest, call, say } from '../computed.ts'

/** A page that keeps its name in a constant shows that everywhere; else it is in the title and in the heading. */
const CONSTANT = /\bconst (?:appName|brand|event = \{\s*title)(?: =|:) '([^']+)'/
const ON_THE_PAGE = [/<title>([^<{]+)<\/title>/, /<h1[^>]*>\s*([^<{]+?)\s*<\/h1>/]

export const rename: ComputedRequest = {
  slug: 'rename',
  example: 'Rename it to Morning Pages',
  when: /\b(?:rename (?:it|this|the app|the page)?|call (?:it|this|the app)|(?:change|set) (?:the|its) (?:name|title)) ?(?:to|as|into)?:? ["“]?([^"”\n]{1,60}?)["”]?[.!]?$/i,
  needs: ['src/App.tsx'],
  answers({ match, files }) {
    const name = match[1]!.trim()
    const hasConstant = [...files.values()].some((content) => content && CONSTANT.test(content))
    const places = hasConstant ? [CONSTANT] : ON_THE_PAGE
    const parts = [...files].flatMap(([path, content]) => editsOf(path, content, name, places))
    const changed = parts.length > 0
    return [
      {
        parts: [
          say(`I call it “${name}”, in the list of projects and on the page.`),
          call('rename_app', { name }),
          ...parts,
        ],
      },
      {
        parts: [
          say(
            changed
              ? `Done: the app is called **${name}** now, and its heading says so.`
              : `The app is called **${name}** now. I found no heading on the page that holds its old name, so the page is as it was.`,
          ),
        ],
      },
    ]
  },
}

function editsOf(path: string, content: string | null, name: string, places: RegExp[]): Part[] {
  if (content === null || !/\.(tsx?|html)$/.test(path)) return []
  const edits = places.flatMap((place): Edit[] => {
    const found = place.exec(content)
    if (!found || found[1] === name) return []
    const safe = found[0].startsWith('<') ? name.replace(/[<>{}]/g, '') : name.replace(/['\\]/g, '’')
    return [{ search: found[0], replace: found[0].replace(found[1]!, () => safe) }]
  })
  return edits.length > 0 ? [{ kind: 'edit', path, edits }] : []
}

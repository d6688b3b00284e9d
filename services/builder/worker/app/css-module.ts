/** A stylesheet `*.module.css`: its classes get names of their own, which importing it tells. */
import { shortHash } from './hash.ts'

export const isCssModule = (path: string) => path.endsWith('.module.css')

export type CssModule = { text: string; names: Record<string, string> }

export function scopedModule(path: string, css: string): CssModule {
  const suffix = shortHash(path).slice(0, 6)
  const names: Record<string, string> = {}
  const scope = (name: string) => {
    names[name] = `${name}_${suffix}`
    return `.${names[name]}`
  }
  const text = css.replace(PIECE, (piece: string, kept: string | undefined, selector: string | undefined) => {
    if (kept !== undefined || selector === undefined || selector.trimStart().startsWith('@')) return piece
    return `${scopedSelector(selector, scope)}{`
  })
  return { text, names }
}

/** Comments and texts stay; what stands before a brace is a selector, unless it is a rule with an @. */
const PIECE =
  /(\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|;|\})|([^{};"'/]+(?:\/(?!\*)[^{};"'/]*)*)\{/g

function scopedSelector(selector: string, scope: (name: string) => string): string {
  return selector.replace(
    /:global\(([^)]*)\)|\.(-?[_a-zA-Z][\w-]*)/g,
    (_, outside: string | undefined, name: string) => outside ?? scope(name),
  )
}

/** The rules of paths, told before anything is sent. The database has the last word. */
export function pathFault(path: string): string | null {
  if (path === '') return 'it has no name'
  if (new TextEncoder().encode(path).length > 240) return 'its path is longer than 240 bytes'
  if (path !== path.normalize('NFC')) return 'its accented letters are not written as single characters'
  if (/^\/|^[a-z]:|\/\/|\/$|\\|(^|\/)\.\.?(\/|$)/i.test(path)) return 'its path leads out of the project'
  if (UNUSUAL.test(path)) return 'its path has characters that not every system can hold'
  if (/(^|\/) |[ .](\/|$)/.test(path))
    return 'a name in its path begins or ends with a space, or ends with a dot'
  if (/(^|\/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?(\/|$)/i.test(path)) return 'its name is reserved'
  if (/(^|\/)(\.git|\.baton|node_modules|__proto__)(\/|$)/i.test(path))
    return 'its name is kept for the system'
  if ((path.match(/\//g)?.length ?? 0) > 15) return 'it lies more than 15 folders deep'
  return null
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNUSUAL = /[\u0000-\u001f\u007f-\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff<>:"|?*]/

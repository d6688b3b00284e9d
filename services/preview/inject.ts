/**
 * The page of a preview: the project's own, with our client before everything else in it, so that it sees the first error
 * and is there before React. Nothing that the project writes can stand before a doctype, in a comment around the client,
 * or otherwise in its way.
 */
const DOCTYPE = /^\uFEFF?\s*<!doctype[^>]*>/i

export function withClient(html: string, clientPath: string, data: unknown): string {
  const doctype = DOCTYPE.exec(html)?.[0] ?? ''
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  const tags =
    `<script type="application/json" id="baton-preview">${json}</script>` +
    `<script src="${clientPath}"></script>`
  return `${doctype || '<!doctype html>'}${tags}${html.slice(doctype.length)}`
}

/** Base64 SHA-256 of what stands in the page's own inline scripts, as the policy wants it. */
export async function inlineScriptHashes(html: string): Promise<string[]> {
  const contents = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi)]
    .filter(([, attributes = '']) => !/\bsrc\s*=/i.test(attributes))
    .filter(([, attributes = '']) => !/\btype\s*=\s*["']?application\/(ld\+)?json/i.test(attributes))
    .map(([, , content = '']) => content)
    .filter((content) => content.trim() !== '')
  return await Promise.all(contents.slice(0, 50).map(sha256))
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text.replace(/\r\n?/g, '\n'))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return btoa(String.fromCharCode(...digest))
}

/** New stylesheets take the place of the old ones when they are there, so that nothing is ever drawn without style. */
export async function exchangeStyles(hrefs: string[]): Promise<void> {
  const present = [...document.querySelectorAll<HTMLLinkElement>('link[data-baton-css]')]
  await Promise.all(hrefs.map((href, index) => exchange(href, index, present[index])))
  for (const link of present.slice(hrefs.length)) link.remove()
}

function exchange(href: string, index: number, old: HTMLLinkElement | undefined): Promise<void> | undefined {
  if (old?.getAttribute('href') === href) return undefined
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = href
  link.dataset.batonCss = String(index)
  return new Promise((done, fail) => {
    link.addEventListener('load', () => {
      old?.remove()
      done()
    })
    link.addEventListener('error', () => {
      link.remove()
      fail(new Error(`${href} could not be loaded.`))
    })
    if (old) old.after(link)
    else document.head.append(link)
  })
}

/** After the next frame was drawn. Never, while nobody looks. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => done()
      port2.postMessage(null)
    })
  })
}

const PATIENCE_MS = 15_000

/** After the app has drawn something for the first time. */
export async function firstPainted(): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (!hasContent() && performance.now() < until) await painted()
  await painted()
}

function hasContent(): boolean {
  if (document.readyState === 'loading' || !document.body) return false
  return (
    document.body.querySelector('img, svg, canvas, video, input, button') !== null ||
    (document.body.textContent ?? '').trim() !== ''
  )
}

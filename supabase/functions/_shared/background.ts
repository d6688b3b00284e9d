declare const EdgeRuntime: { waitUntil(promise: Promise<unknown>): void }

/** Goes on after the answer, within the life of the function's process. */
export function inBackground(work: Promise<unknown>): void {
  EdgeRuntime.waitUntil(work)
}

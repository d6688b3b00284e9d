/** Focuses what is marked with `data-autofocus`: where a keyboard starts on a new page or in a dialog. */
export function focusFirst(within: HTMLElement | null): void {
  within?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
}

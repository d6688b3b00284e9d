import { useEffect, useEffectEvent } from 'react'
import type { Shell } from '../shell/shell-context.ts'
import { nextStep, type ShortcutName } from './shortcuts.ts'
import { usePlaces } from './use-places.ts'

const PATIENCE = 1_500

export function useShortcuts(shell: Shell): void {
  const places = usePlaces(shell)
  const run = useEffectEvent((name: ShortcutName) => {
    if (name === 'palette') shell.openPalette()
    else if (name === 'help') shell.openHelp()
    else places[name]?.()
  })

  useEffect(() => {
    let first: string | null = null
    let timer: ReturnType<typeof setTimeout>
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.altKey || isInDialog(event.target)) return
      const command = event.metaKey || event.ctrlKey
      const step = nextStep(first, { key: event.key, command, typing: isField(event.target) })
      clearTimeout(timer)
      first = step.first
      timer = setTimeout(() => {
        first = null
      }, PATIENCE)
      if (!step.name) return
      event.preventDefault()
      run(step.name)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio]), textarea, select'))

const isInDialog = (target: EventTarget | null) =>
  target instanceof Element && target.closest('dialog') !== null

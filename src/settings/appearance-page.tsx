import { Monitor, Moon, Sun } from 'lucide-react'
import type { Theme } from '../../supabase/functions/_shared/protocol.ts'
import { useChooseTheme, useTheme } from './saved-theme.ts'
import { SettingsPage } from './settings-page.tsx'

export const THEME_CHOICES: { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: 'system', label: 'As the system', icon: Monitor },
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
]

export function AppearancePage() {
  const current = useTheme()
  const choose = useChooseTheme()
  return (
    <SettingsPage title="Appearance">
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 font-medium">Theme</legend>
        <div className="flex flex-wrap gap-2 max-md:flex-col">
          {THEME_CHOICES.map(({ theme, label, icon: Glyph }) => (
            <label
              key={theme}
              className="flex min-w-36 cursor-pointer items-center gap-2.5 rounded-md border border-line px-3 py-2.5 hover:bg-hover has-checked:border-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name="theme"
                value={theme}
                checked={theme === current}
                onChange={() => choose(theme)}
                className="accent-ink outline-none"
              />
              <Glyph className="size-4 text-muted" aria-hidden />
              {label}
            </label>
          ))}
        </div>
        <p className="text-muted">It follows you into every browser that you sign in with.</p>
      </fieldset>
    </SettingsPage>
  )
}

import { type ReactNode, useId, useState } from 'react'
import { chime, type Permission, systemPermission } from '../notifications/ring.ts'
import { changeRinging, useRingingSettings } from '../notifications/ringing-settings.ts'
import { Button } from '../ui/button.tsx'
import { SettingsPage } from './settings-page.tsx'

/** How this browser calls. The bell itself cannot be switched off. */
export function NotificationsPage() {
  const { sound, system } = useRingingSettings()
  const [permission, setPermission] = useState(systemPermission)
  const allow = async (wanted: boolean) => {
    if (!wanted) return changeRinging({ system: false })
    const answer = permission === 'default' ? await Notification.requestPermission() : permission
    setPermission(answer)
    changeRinging({ system: answer === 'granted' })
  }
  return (
    <SettingsPage title="Notifications">
      <div className="flex max-w-xl flex-col gap-6">
        <p className="text-muted">
          What you should hear of is always in the bell, in every browser. These settings are for this browser
          alone.
        </p>
        <Choice
          label="Play a sound"
          hint="Two quiet notes, once, however many tabs are open."
          checked={sound}
          onChange={(wanted) => changeRinging({ sound: wanted })}
          aside={<Button onClick={chime}>Hear it</Button>}
        />
        <Choice
          label="Show notifications of the system"
          hint={HINTS[permission]}
          checked={system && permission === 'granted'}
          disabled={permission === 'denied' || permission === 'unsupported'}
          onChange={(wanted) => void allow(wanted)}
        />
      </div>
    </SettingsPage>
  )
}

const HINTS: Record<Permission, string> = {
  default: 'While Baton is in the background. The browser asks you for permission first.',
  granted: 'While Baton is in the background. A click leads to the place.',
  denied:
    'This browser was told not to show them for Baton. Allow it in its settings for this site, then reload.',
  unsupported: 'This browser cannot show them.',
}

type ChoiceProps = {
  label: string
  hint: string
  checked: boolean
  disabled?: boolean
  onChange(wanted: boolean): void
  aside?: ReactNode
}

function Choice({ label, hint, checked, disabled = false, onChange, aside }: ChoiceProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => onChange(target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-ink"
      />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      </div>
      {aside}
    </div>
  )
}

import type { Ladder } from '../../../supabase/functions/_shared/protocol.ts'
import { Select, TextInput } from '../../ui/text-input.tsx'

type Quiet = NonNullable<Ladder['quiet']>
type QuietHoursProps = { quiet: Ladder['quiet']; onChange(quiet: Ladder['quiet']): void }

const ZONES = Intl.supportedValuesOf('timeZone')
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function QuietHours({ quiet, onChange }: QuietHoursProps) {
  const usual = (): Quiet => ({ from: '20:00', to: '07:00', time_zone: here(), urgent_breaks: true })
  return (
    <>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={({ target }) => onChange(target.checked ? usual() : null)}
        />
        There are hours in which nobody is told
      </label>
      {quiet && <Hours quiet={quiet} onChange={onChange} />}
    </>
  )
}

function Hours({ quiet, onChange }: { quiet: Quiet; onChange(quiet: Quiet): void }) {
  const zones = ZONES.includes(quiet.time_zone) ? ZONES : [quiet.time_zone, ...ZONES]
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <TextInput
          type="time"
          aria-label="Quiet from"
          required
          className="w-28!"
          value={quiet.from}
          onChange={({ target }) => target.value && onChange({ ...quiet, from: target.value })}
        />
        to
        <TextInput
          type="time"
          aria-label="Quiet to"
          required
          className="w-28!"
          value={quiet.to}
          onChange={({ target }) => target.value && onChange({ ...quiet, to: target.value })}
        />
        in
        <Select
          aria-label="Time zone"
          value={quiet.time_zone}
          onChange={({ target }) => onChange({ ...quiet, time_zone: target.value })}
        >
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </Select>
      </div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={quiet.urgent_breaks}
          onChange={({ target }) => onChange({ ...quiet, urgent_breaks: target.checked })}
        />
        What is urgent is told all the same
      </label>
    </>
  )
}

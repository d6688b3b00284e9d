import { Trash2 } from 'lucide-react'
import { type LadderLevel, ROLES } from '../../../supabase/functions/_shared/protocol.ts'
import { useCurrentTeam } from '../../teams/current-team.ts'
import { useTeamIfLoaded } from '../../teams/team.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { MinutesField } from './minutes-field.tsx'

const WAYS = { bell: 'Bell', mail: 'E-mail' } as const

type LevelRowProps = {
  place: number
  level: LadderLevel
  mayRemove: boolean
  /** Null: it goes. */
  onChange(level: LadderLevel | null): void
}

export function LevelRow({ place, level, mayRemove, onChange }: LevelRowProps) {
  const number = place + 1
  return (
    <li aria-label={`Level ${number}`} className="flex flex-col gap-2.5 p-3">
      <div className="flex items-center gap-3">
        <span className="tabular font-medium">{number}</span>
        <div className="flex-1">
          <MinutesField
            label="After"
            least={0}
            value={level.after_minutes}
            onChange={(after_minutes) => onChange({ ...level, after_minutes })}
          />
        </div>
        {mayRemove && (
          <IconButton label={`Remove level ${number}`} onClick={() => onChange(null)}>
            <Trash2 className="size-4" aria-hidden />
          </IconButton>
        )}
      </div>
      <Boxes
        legend="Tell every"
        options={ROLES.map((role) => [role, role])}
        chosen={level.roles}
        onChange={(roles) => onChange({ ...level, roles })}
      />
      <People level={level} onChange={onChange} />
      <Boxes
        legend="By"
        options={Object.entries(WAYS) as ['bell' | 'mail', string][]}
        chosen={level.by}
        onChange={(by) => onChange({ ...level, by })}
      />
    </li>
  )
}

function People({ level, onChange }: Pick<LevelRowProps, 'level' | 'onChange'>) {
  const teamId = useCurrentTeam()?.team_id ?? ''
  const members = useTeamIfLoaded(teamId)?.members
  if (!members) return null
  return (
    <Boxes
      legend="and also"
      options={members.map(({ user_id, display_name }) => [user_id, display_name])}
      chosen={level.people}
      onChange={(people) => onChange({ ...level, people })}
    />
  )
}

type BoxesProps<Value extends string> = {
  legend: string
  options: (readonly [Value, string])[]
  chosen: readonly Value[]
  onChange(chosen: Value[]): void
}

function Boxes<Value extends string>({ legend, options, chosen, onChange }: BoxesProps<Value>) {
  return (
    <fieldset className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
      <legend className="float-left w-20 text-muted">{legend}</legend>
      {options.map(([value, label]) => (
        <label key={value} className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          <span className="first-letter:capitalize">{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

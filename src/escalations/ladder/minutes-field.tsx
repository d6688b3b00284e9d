import { useId } from 'react'
import { TextInput } from '../../ui/text-input.tsx'

type MinutesFieldProps = { label: string; value: number; least?: number; onChange(minutes: number): void }

/** What is not a number is left as it was; whether it fits, the database decides, and says why not. */
export function MinutesField({ label, value, least = 1, onChange }: MinutesFieldProps) {
  const id = useId()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label htmlFor={id}>{label}</label>
      <TextInput
        id={id}
        type="number"
        inputMode="numeric"
        required
        min={least}
        max={10_080}
        step={1}
        className="tabular w-20!"
        value={value}
        onChange={({ target }) => Number.isInteger(target.valueAsNumber) && onChange(target.valueAsNumber)}
      />
      minutes
    </div>
  )
}

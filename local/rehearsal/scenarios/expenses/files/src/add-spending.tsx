import { type FormEvent, useState } from 'react'
import { CATEGORIES, type Category, centsFrom, type Spending } from './spending'

const FIELD = 'h-11 rounded-xl border border-line bg-surface px-3 placeholder:text-muted'

export function AddSpending({ onAdd }: { onAdd: (spending: Omit<Spending, 'id'>) => void }) {
  const [what, setWhat] = useState('')
  const [amount, setAmount] = useState('')
  const [category, setCategory] = useState<Category>('Food')
  const [problem, setProblem] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    const cents = centsFrom(amount)
    if (cents === null) return setProblem('The amount should be a number, as 12.50.')
    onAdd({ what: what.trim() || category, cents, category, day: new Date().toLocaleDateString('sv') })
    setWhat('')
    setAmount('')
    setProblem('')
  }

  return (
    <form onSubmit={submit} className="mt-6">
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-[1fr_7rem_9rem_auto]">
        <input
          value={what}
          onChange={(event) => setWhat(event.target.value)}
          aria-label="What it was for"
          placeholder="What for?"
          className={`${FIELD} col-span-2 min-w-0 sm:col-span-1`}
        />
        <input
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
          inputMode="decimal"
          aria-label="Amount"
          aria-invalid={problem !== ''}
          placeholder="0.00"
          className={`${FIELD} min-w-0 text-right tabular-nums`}
        />
        <select
          value={category}
          onChange={(event) => setCategory(event.target.value as Category)}
          aria-label="Category"
          className={FIELD}
        >
          {CATEGORIES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button
          type="submit"
          className="col-span-2 h-11 rounded-xl bg-accent px-5 font-medium text-on-accent sm:col-span-1"
        >
          Add
        </button>
      </div>
      {problem && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {problem}
        </p>
      )}
    </form>
  )
}

import { type FormEvent, useState } from 'react'
import { type BatonError, toBatonError } from './errors.ts'

export type FormState = {
  pending: boolean
  error: BatonError | null
  onSubmit(event: FormEvent<HTMLFormElement>): void
}

/** Sends a form once at a time. What was typed stays in its fields, whatever the answer. */
export function useForm(send: (values: FormData) => Promise<void>): FormState {
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<BatonError | null>(null)

  const submit = async (form: HTMLFormElement) => {
    setPending(true)
    setError(null)
    try {
      await send(new FormData(form))
    } catch (cause) {
      setError(toBatonError(cause))
    } finally {
      setPending(false)
    }
  }

  return {
    pending,
    error,
    onSubmit(event) {
      event.preventDefault()
      if (!pending) void submit(event.currentTarget)
    },
  }
}

export const typed = (values: FormData, name: string) => String(values.get(name) ?? '').trim()

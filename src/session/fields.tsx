import type { ReactNode } from 'react'
import { Field } from '../ui/field.tsx'
import { PasswordInput, TextInput } from '../ui/text-input.tsx'

export function EmailField({ autoFocus = false }: { autoFocus?: boolean }) {
  return (
    <Field label="E-mail">
      {(control) => (
        <TextInput
          {...control}
          name="email"
          type="email"
          required
          data-autofocus={autoFocus || undefined}
          autoComplete="username"
          spellCheck={false}
        />
      )}
    </Field>
  )
}

const SHORTEST_PASSWORD = 8

export function PasswordField({
  label = 'Password',
  isNew = false,
  aside,
}: {
  label?: string
  isNew?: boolean
  aside?: ReactNode
}) {
  return (
    <Field label={label} aside={aside} hint={isNew ? `At least ${SHORTEST_PASSWORD} characters.` : undefined}>
      {(control) => (
        <PasswordInput
          {...control}
          name="password"
          required
          minLength={isNew ? SHORTEST_PASSWORD : undefined}
          autoComplete={isNew ? 'new-password' : 'current-password'}
        />
      )}
    </Field>
  )
}

import {
  ALLOWED_DEPENDENCIES,
  packageOf,
} from '../../../../supabase/functions/_shared/allowed-dependencies.ts'

/** Allowed packages build without being listed; outside of Baton the app would miss them. */
export function unlisted(specifiers: string[], packageJson: string | undefined): string[] {
  if (packageJson === undefined) return []
  const listed = dependenciesIn(packageJson)
  const missing = [...new Set(specifiers.map(packageOf))].filter((name) => !Object.hasOwn(listed, name))
  return missing.map(
    (name) =>
      `${name} is used and not in package.json: add "${name}": "${ALLOWED_DEPENDENCIES[name]?.version}" to its dependencies.`,
  )
}

function dependenciesIn(packageJson: string): object {
  try {
    return (JSON.parse(packageJson) as { dependencies?: object }).dependencies ?? {}
  } catch {
    return {}
  }
}

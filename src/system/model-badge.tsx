import { useQuery } from '@tanstack/react-query'
import { Badge } from '../ui/badge.tsx'
import { Noted } from '../ui/noted.tsx'
import { aboutQuery } from './queries.ts'

const NOTES = {
  rehearsal: 'No key is set, so the agents rehearse: the same request always gets the same answer.',
  none: 'No model is set up, so agents cannot work. docs/deploy.md says how to set one.',
}

/** Says when it is not a real model that answers. */
export function ModelBadge() {
  const { data } = useQuery(aboutQuery)
  const kind = data?.model.kind
  if (kind !== 'rehearsal' && kind !== 'none') return null
  return (
    <Noted note={NOTES[kind]}>
      <Badge tone={kind === 'none' ? 'need' : 'plain'}>{data?.model.label}</Badge>
    </Noted>
  )
}

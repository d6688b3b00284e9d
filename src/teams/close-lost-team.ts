import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useUser } from '../session/user.ts'

/** Leaves the page of a team at the moment in which the person is no longer in it. */
export function useCloseLostTeam(): void {
  const { teamId } = useParams({ strict: false })
  const { departures } = useUser()
  const navigate = useNavigate()
  const isLost = departures.some((departure) => departure.teamId === teamId)
  useEffect(() => {
    if (isLost) void navigate({ to: '/', replace: true })
  }, [isLost, navigate])
}

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { useFeed } from '../feed/index.ts'
import { attendTo } from './attention.ts'
import { commentsFeed } from './comments-feed.ts'

type FollowCommentsProps = {
  projectId: string
  /** What the address leads to is about a file. */
  onFile(): void
}

/**
 * Draws nothing: keeps the comments of a project live, and takes `?thread=<id>` out of the address to whoever draws that
 * thread.
 */
export function FollowComments({ projectId, onFile }: FollowCommentsProps) {
  useFeed(commentsFeed(projectId))
  const { thread, entry } = useSearch({ strict: false })
  const navigate = useNavigate()
  const arrive = useEffectEvent((threadId: string) => {
    attendTo(threadId)
    if (entry === undefined) onFile()
    void navigate({ to: '.', search: (before) => ({ ...before, thread: undefined }), replace: true })
  })
  useEffect(() => {
    if (thread !== undefined) arrive(thread)
  }, [thread])
  useEffect(() => () => attendTo(null), [])
  return null
}

/** Contents by their hash: what a hash names never changes, so that it is fetched once and read offline from then on. */
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type BatonError, toBatonError } from '../errors.ts'
import { supabase } from '../supabase.ts'

/** That many hashes still fit into an address. */
const BATCH = 40

export function contentQuery(projectId: string, hash: string) {
  return queryOptions<string, BatonError>({
    queryKey: ['content', projectId, hash],
    queryFn: async ({ signal }) => {
      const found = await fetchContents(projectId, [hash], signal)
      const content = found.get(hash)
      if (content === undefined)
        throw toBatonError({ code: 'BT003', message: 'This content is not there any more.' })
      return content
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
    networkMode: 'always',
    retry: 2,
  })
}

/** A file that was never there has the empty text. */
export function useContent(projectId: string, hash: string | null) {
  const query = useQuery({ ...contentQuery(projectId, hash ?? ''), enabled: hash !== null })
  return hash === null ? { ...query, data: '', isPending: false, error: null } : query
}

/** While the next version is on its way the one before stays in view; `hash` says which one that is. */
export function useLatestContent(projectId: string, hash: string | null) {
  const { data, error, refetch } = useContent(projectId, hash)
  const [last, setLast] = useState<Seen>()
  useEffect(() => {
    if (data !== undefined) setLast({ hash, text: data })
  }, [data, hash])
  const seen: Seen | undefined = data === undefined ? last : { hash, text: data }
  return { seen, error, refetch }
}

type Seen = { hash: string | null; text: string }

export function keepContent(
  queryClient: QueryClient,
  projectId: string,
  hash: string,
  content: string,
): void {
  queryClient.setQueryData(contentQuery(projectId, hash).queryKey, content)
}

/** The contents of many, those that are known already without asking. */
export function useContents(projectId: string, hashes: readonly string[], isWanted: boolean) {
  const queryClient = useQueryClient()
  return useQuery<ReadonlyMap<string, string>, BatonError>({
    queryKey: ['contents', projectId, hashes],
    queryFn: ({ signal }) => collect(queryClient, projectId, hashes, signal),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    networkMode: 'always',
    structuralSharing: false,
    placeholderData: (before) => before,
    retry: 2,
  })
}

async function collect(
  queryClient: QueryClient,
  projectId: string,
  hashes: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const missing: string[] = []
  for (const hash of new Set(hashes)) {
    const known = queryClient.getQueryData(contentQuery(projectId, hash).queryKey)
    if (known === undefined) missing.push(hash)
    else found.set(hash, known)
  }
  for (let at = 0; at < missing.length; at += BATCH) {
    for (const [hash, content] of await fetchContents(projectId, missing.slice(at, at + BATCH), signal)) {
      found.set(hash, content)
      keepContent(queryClient, projectId, hash, content)
    }
  }
  return found
}

async function fetchContents(projectId: string, hashes: readonly string[], signal: AbortSignal) {
  const { data, error, status } = await supabase
    .from('blobs')
    .select('hash, content')
    .eq('project_id', projectId)
    .in('hash', hashes)
    .abortSignal(signal)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return new Map((data as { hash: string; content: string }[]).map(({ hash, content }) => [hash, content]))
}

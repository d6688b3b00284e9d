/**
 * The place in the workbench, in the address: what is reloaded, sent to a team-mate or gone back to shows the same again.
 * The address is always replaced, so that "back" leaves the page and not a file. What it says is taken over when a page
 * is come to, and never in answer to our own writing; otherwise two changes in a row would undo each other.
 */
import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useLayoutEffect } from 'react'
import { goInWorkbench, type Place, placeOf, usePlace } from './place.ts'
import { isTab, type PlaceSearch, placeSearch } from './place-search.ts'

export function usePlaceInAddress(projectId: string): void {
  const router = useRouter()
  const said = placeSearch(useSearch({ strict: false }))
  usePlace(projectId)

  useLayoutEffect(() => {
    const takeOver = () => {
      const { pathname, search } = router.history.location
      const told = placeSearch(router.options.parseSearch(search))
      const isHere = `${pathname}/`.startsWith(`/p/${projectId}/`)
      if (isTab(told.tab) && isHere) goTo(projectId, told)
    }
    takeOver()
    return router.history.subscribe(({ action }) => {
      if (action.type !== 'REPLACE') takeOver()
    })
  }, [router, projectId])

  useEffect(() => {
    const now = searchOf(placeOf(projectId))
    if (isSame(now, said)) return
    void router.navigate({ to: '.', search: (before: object) => ({ ...before, ...now }), replace: true })
  })
}

function goTo(projectId: string, told: PlaceSearch): void {
  const { path, follow } = placeOf(projectId)
  const next = told.file ?? null
  goInWorkbench(projectId, {
    tab: told.tab ?? 'code',
    path: next,
    line: told.line,
    runId: told.run ?? null,
    buildId: told.build ?? null,
    follow: follow && (next === null || next === path),
  })
}

function searchOf({ tab, path, line, runId, buildId }: Place): PlaceSearch {
  return {
    tab,
    file: path ?? undefined,
    line,
    run: tab === 'runs' ? (runId ?? undefined) : undefined,
    build: tab === 'deployments' ? (buildId ?? undefined) : undefined,
  }
}

const isSame = (one: PlaceSearch, other: PlaceSearch) =>
  one.tab === other.tab &&
  one.file === other.file &&
  one.line === other.line &&
  one.run === other.run &&
  one.build === other.build

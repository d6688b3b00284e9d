import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Inbox, ListOrdered } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { useUserId } from '../session/user.ts'
import { PageBody } from '../shell/page-body.tsx'
import { useCurrentTeam } from '../teams/current-team.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { useClaim } from './claiming.ts'
import { closedQuery } from './closed-query.ts'
import { type LoadedDesk, useDeskIfLoaded } from './desk.ts'
import { DESK_FILTERS, type DeskFilter } from './desk-filters.ts'
import { EscalationCard } from './escalation-card.tsx'
import { isUnread } from './own-marks.ts'
import { queueOf } from './queue.ts'
import { mayClaim } from './rights.ts'
import { steadyOrder } from './steady-order.ts'

const route = getRouteApi('/app/workspace/escalations/')

const FILTER_NAMES: Record<DeskFilter, string> = {
  open: 'Open',
  mine: 'Mine',
  team: 'Team',
  closed: 'Closed',
}

export function DeskPage() {
  const team = useCurrentTeam()
  const loaded = useDeskIfLoaded(team?.team_id)
  const { filter = 'open' } = route.useSearch()
  if (!loaded || !team) return null
  return (
    <PageBody wide title="Escalations" place={team.team_name} aside={<LadderLink />}>
      <div className="flex flex-col gap-3">
        <Filters loaded={loaded} filter={filter} />
        {filter === 'closed' ? (
          <Closed teamId={team.team_id} loaded={loaded} />
        ) : (
          <Queue key={filter} loaded={loaded} filter={filter} />
        )}
      </div>
    </PageBody>
  )
}

function LadderLink() {
  return (
    <Link to="/escalations/ladder" className={buttonClass()}>
      <ListOrdered className="size-4" aria-hidden />
      Ladder
    </Link>
  )
}

function Filters({ loaded, filter }: { loaded: LoadedDesk; filter: DeskFilter }) {
  const selfId = useUserId()
  return (
    <nav aria-label="Which escalations" className="flex gap-4 border-b border-line">
      {DESK_FILTERS.map((name) => (
        <Link
          key={name}
          to="/escalations"
          search={name === 'open' ? {} : { filter: name }}
          activeOptions={{ exact: true }}
          aria-current={name === filter ? 'page' : undefined}
          className="-mb-px flex items-baseline gap-1.5 border-b-2 border-transparent px-0.5 py-2 text-muted hover:text-text aria-[current=page]:border-ink aria-[current=page]:font-medium aria-[current=page]:text-text"
        >
          {FILTER_NAMES[name]}
          {name !== 'closed' && (
            <span className="tabular text-xs text-muted">
              {queueOf(loaded.desk.escalations, name, selfId).length}
            </span>
          )}
        </Link>
      ))}
    </nav>
  )
}

function Queue({ loaded, filter }: { loaded: LoadedDesk; filter: DeskFilter }) {
  const selfId = useUserId()
  const wanted = queueOf(loaded.desk.escalations, filter, selfId).map(({ id }) => id)
  const list = useSteadyList(wanted)
  const byId = new Map(loaded.desk.escalations.map((escalation) => [escalation.id, escalation]))
  const cards = list.order.flatMap((id) => byId.get(id) ?? [])
  if (cards.length === 0) return <NothingHere filter={filter} />
  return (
    <div onPointerEnter={list.hold} onPointerLeave={list.letGo}>
      <div className="flex h-8 items-center justify-between text-xs text-muted" aria-live="polite">
        <span className="max-md:hidden">↑ ↓ to move, Enter to open, C to claim</span>
        {list.arrived > 0 && (
          <Button look="quiet" onClick={list.refresh}>
            {list.arrived} new: show
          </Button>
        )}
      </div>
      <Cards loaded={loaded} cards={cards} />
    </div>
  )
}

/** Held while the mouse is over it; a finger or a key holds nothing. */
function useSteadyList(wanted: readonly string[]) {
  const [isHeld, setIsHeld] = useState(false)
  const [shown, setShown] = useState(wanted)
  const { order, arrived } = steadyOrder(shown, wanted, isHeld)
  if (order.join() !== shown.join()) setShown(order)
  return {
    order,
    arrived,
    hold: (event: { pointerType: string }) => event.pointerType === 'mouse' && setIsHeld(true),
    letGo: () => setIsHeld(false),
    refresh: () => setShown(wanted),
  }
}

function Cards({ loaded, cards }: { loaded: LoadedDesk; cards: readonly Escalation[] }) {
  const selfId = useUserId()
  const claim = useClaim()
  const { desk, marks } = loaded
  const claimable = mayClaim(desk.role)
  return (
    <ul
      aria-label="Escalations"
      className="divide-y divide-line overflow-hidden rounded-lg border border-line"
      onKeyDown={(event) => onKey(event, (id) => claimable && claim.mutate(id))}
    >
      {cards.map((escalation) => (
        <li key={escalation.id}>
          <EscalationCard
            escalation={escalation}
            isUnread={isUnread(escalation, marks[escalation.id], selfId)}
            lookers={desk.lookers[escalation.id] ?? []}
            selfId={selfId}
            mayClaim={claimable}
            isClaiming={claim.isPending && claim.variables === escalation.id}
            onClaim={() => claim.mutate(escalation.id)}
          />
        </li>
      ))}
    </ul>
  )
}

function onKey(event: KeyboardEvent<HTMLElement>, onClaim: (id: string) => void) {
  if (event.metaKey || event.ctrlKey || event.altKey) return
  const card = (event.target as Element).closest<HTMLElement>('[data-escalation]')
  const step =
    event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0
  if (step !== 0) {
    event.preventDefault()
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-escalation] a')]
    const at = links.findIndex((link) => card?.contains(link))
    links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus()
  } else if (event.key === 'c' && card) {
    event.preventDefault()
    onClaim(card.dataset.escalation ?? '')
  }
}

const EMPTY: Record<DeskFilter, [string, string]> = {
  open: [
    'Nobody is waiting',
    'When an agent or a colleague is stuck, it appears here by itself, and whoever claims it first has it.',
  ],
  mine: [
    'Nothing of yours',
    'What you claim, and what of your own work is stuck, is listed here until it is closed.',
  ],
  team: ['Nothing is stuck', 'Here is everything that waits or that somebody has claimed.'],
  closed: ['Nothing was closed yet', 'What was resolved, returned or taken back is kept here.'],
}

function NothingHere({ filter }: { filter: DeskFilter }) {
  const [title, text] = EMPTY[filter]
  return (
    <EmptyState icon={<Inbox className="size-8" aria-hidden />} title={title}>
      {text}
    </EmptyState>
  )
}

/** The desk itself holds the last of them; the rest is asked for page by page. */
function Closed({ teamId, loaded }: { teamId: string; loaded: LoadedDesk }) {
  const selfId = useUserId()
  const [search, setSearch] = useState('')
  const pages = useInfiniteQuery(closedQuery(teamId, search.trim()))
  const known = new Set<string>()
  const recent = search.trim() ? [] : queueOf(loaded.desk.escalations, 'closed', selfId)
  const found = [...recent, ...(pages.data?.pages ?? []).flatMap(({ escalations }) => escalations)]
  const cards = found.filter(({ id }) => !known.has(id) && known.add(id))
  return (
    <>
      <TextInput
        type="search"
        aria-label="Search closed escalations"
        placeholder="Search what was closed"
        className="max-w-80"
        value={search}
        onChange={({ target }) => setSearch(target.value)}
      />
      {cards.length > 0 && <Cards loaded={loaded} cards={cards} />}
      {cards.length === 0 &&
        !pages.isPending &&
        (search ? (
          <p className="py-8 text-center text-muted">None of them says “{search}”.</p>
        ) : (
          <NothingHere filter="closed" />
        ))}
      {pages.hasNextPage && (
        <Button
          className="self-center"
          pending={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </>
  )
}

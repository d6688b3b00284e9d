import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, File, PencilLine } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { FacesOnFile } from '../people/faces.tsx'
import { classes } from '../ui/classes.ts'
import { stepInTree, type TreeRow, treeRows } from './file-tree.ts'
import { usePlace } from './place.ts'
import type { Writing } from './writing.ts'

const ROW = 26

type FileTreeProps = {
  projectId: string
  paths: readonly string[]
  writings: readonly Writing[]
  drafts: readonly string[]
  onOpen(path: string): void
}

/** One stop for the keyboard: the arrows move inside. Any number of files costs the same. */
export function FileTree({ projectId, paths, writings, drafts, onOpen }: FileTreeProps) {
  const [place, go] = usePlace(projectId)
  const rows = useMemo(() => treeRows(paths, new Set(place.closed)), [paths, place.closed])
  const [focused, setFocused] = useState<string | null>(place.path)
  const active = rows.some(({ path }) => path === focused) ? focused : (rows[0]?.path ?? null)
  const scroller = useRef<HTMLDivElement>(null)
  const treeId = useId()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })

  const show = (path: string) => {
    const index = rows.findIndex((row) => row.path === path)
    if (index >= 0) virtual.scrollToIndex(index)
  }
  const openIndex = rows.findIndex(({ path }) => path === place.path)
  useEffect(() => {
    if (openIndex >= 0) virtual.scrollToIndex(openIndex)
  }, [openIndex, virtual])

  const toggle = (path: string) => {
    const isClosed = place.closed.includes(path)
    go({ closed: isClosed ? place.closed.filter((one) => one !== path) : [...place.closed, path] })
  }
  const press = (row: TreeRow) => {
    setFocused(row.path)
    if (row.kind === 'folder') toggle(row.path)
    else onOpen(row.path)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const step = stepInTree(rows, active, event.key)
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    if (step.toggle) toggle(step.toggle)
    if (step.open) onOpen(step.open)
    if (step.focus) {
      setFocused(step.focus)
      show(step.focus)
    }
  }

  const idOf = (path: string) => `${treeId}-${path}`
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Files"
      tabIndex={0}
      aria-activedescendant={active === null ? undefined : idOf(active)}
      onKeyDown={onKeyDown}
      className="group min-h-0 flex-1 overflow-auto py-1 -outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <Row
              key={row.path}
              id={idOf(row.path)}
              row={row}
              top={item.start}
              isActive={row.path === active}
              isSelected={row.path === place.path}
              isWritten={writings.some(({ path }) => isAt(row, path))}
              hasDraft={drafts.some((path) => isAt(row, path))}
              people={
                <FacesOnFile
                  projectId={projectId}
                  path={row.path}
                  isFolder={row.kind === 'folder' && !row.isOpen}
                />
              }
              onPress={() => press(row)}
            />
          )
        })}
      </div>
    </div>
  )
}

/** A closed folder stands for what is in it. */
const isAt = (row: TreeRow, path: string) =>
  row.path === path || (row.kind === 'folder' && !row.isOpen && path.startsWith(`${row.path}/`))

type RowProps = {
  id: string
  row: TreeRow
  top: number
  isActive: boolean
  isSelected: boolean
  isWritten: boolean
  hasDraft: boolean
  /** Who looks at it. */
  people: ReactNode
  onPress(): void
}

function Row({ id, row, top, isActive, isSelected, isWritten, hasDraft, people, onPress }: RowProps) {
  const isFolder = row.kind === 'folder'
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys of all its rows
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names its active row
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isSelected}
      aria-expanded={isFolder ? row.isOpen : undefined}
      onClick={onPress}
      title={row.path}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 6 + (row.level - 1) * 12 }}
      className={classes(
        'absolute inset-x-0 top-0 flex h-[26px] cursor-pointer items-center gap-1.5 pr-2 select-none hover:bg-hover',
        isSelected && 'bg-hover font-medium',
        isActive &&
          'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-focus',
      )}
    >
      {isFolder ? (
        <ChevronRight
          className={classes('size-3.5 shrink-0 text-faint', row.isOpen && 'rotate-90')}
          aria-hidden
        />
      ) : (
        <File className="size-3.5 shrink-0 text-faint" aria-hidden />
      )}
      <span className="min-w-0 flex-1 truncate">{row.name}</span>
      {people}
      {hasDraft && (
        <span title="Not saved" className="size-2 shrink-0 rounded-full bg-text">
          <span className="sr-only">, not saved</span>
        </span>
      )}
      {isWritten && (
        <span title="Being written" className="text-live-text">
          <PencilLine className="pulse size-3.5 shrink-0" aria-hidden />
          <span className="sr-only">, being written</span>
        </span>
      )}
    </div>
  )
}

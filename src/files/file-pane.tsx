import { FileX2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { CommentsOfFile, useCommentMarks } from '../comments/comments-of-file.tsx'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ConflictPane } from './conflict-pane.tsx'
import { useLatestContent } from './contents.ts'
import { Code, type CodeEditorProps, CodeSkeleton } from './editor/index.tsx'
import { FileHeader } from './file-header.tsx'
import { isReadable } from './file-kind.ts'
import { HistoryPane } from './history-pane.tsx'
import { usePlace } from './place.ts'
import { useEditing } from './use-editing.ts'
import { whoDid } from './who.ts'
import type { Writing } from './writing.ts'

type FilePaneProps = {
  project: ProjectSnapshot
  path: string
  line: number | undefined
  writing: Writing | undefined
  isFollowing: boolean
}

/** One file: as it is, as it is being written, or as somebody here is changing it. Drawn with its path as key. */
export function FilePane({ project, path, line, writing, isFollowing }: FilePaneProps) {
  const projectId = project.project.id
  const [, go] = usePlace(projectId)
  const [view, setView] = useState<'text' | 'history' | 'conflict'>('text')
  const file = project.files.find((one) => one.path === path)
  const { seen, error, refetch } = useLatestContent(projectId, file?.hash ?? null)
  const editing = useEditing({ project, path, file, seen, onConflict: () => setView('conflict') })
  const written = useLastWritten(writing)
  const { draft, isStale } = editing
  const isArchived = project.project.archived_at !== null

  if (!file && !draft && !writing) return <Gone project={project} path={path} />
  const live = draft ? null : (writing?.content ?? null)
  const saved = file ? (seen?.text ?? written) : ''
  const text = draft?.content ?? live ?? saved
  const isResolving = view === 'conflict' && draft !== null && isStale
  const isReadOnly =
    isArchived || (!draft && writing !== undefined) || (!draft && seen?.hash !== (file?.hash ?? null))

  return (
    <>
      <FileHeader
        project={project}
        path={path}
        file={file}
        text={text}
        editing={editing}
        writing={writing}
        maySave={view !== 'history' && !isResolving}
        isShowingHistory={view === 'history'}
        onHistory={() => setView(view === 'history' ? 'text' : 'history')}
      />
      {writing && !draft && !isFollowing && (
        <Notice action={<Button onClick={() => go({ follow: true })}>Follow</Button>}>
          The agent is writing here. You chose this file yourself, so the view stays with it.
        </Notice>
      )}
      {writing && draft && (
        <Notice tone="need">
          The agent is writing this file too. What you typed is kept and not overwritten.
        </Notice>
      )}
      {isStale && !isResolving && (
        <Notice tone="need" action={<Button onClick={() => setView('conflict')}>Compare</Button>}>
          {file
            ? `${whoDid(file)} changed this file while you were editing it.`
            : 'This file was deleted while you were editing it.'}{' '}
          What you typed is kept.
        </Notice>
      )}
      {editing.isOnlyInMemory && (
        <Notice tone="need">
          This browser has no room to keep what you type. Save before you close the page.
        </Notice>
      )}
      {error && text === undefined && (
        <Notice tone="bad" action={<Button onClick={() => refetch()}>Try again</Button>}>
          {sentenceOf(error)}
        </Notice>
      )}
      {view === 'history' ? (
        <HistoryPane project={project} path={path} file={file} onRestored={() => setView('text')} />
      ) : isResolving ? (
        <ConflictPane
          projectId={projectId}
          path={path}
          file={file}
          editing={editing}
          draft={draft}
          onDone={() => setView('text')}
        />
      ) : text === undefined ? (
        error ? null : (
          <CodeSkeleton />
        )
      ) : isReadable(text) ? (
        <CodeWithComments
          projectId={projectId}
          isArchived={isArchived}
          path={path}
          label={path}
          text={text}
          readOnly={isReadOnly}
          follow={live !== null}
          line={line}
          onChange={editing.type}
          onSave={editing.save}
        />
      ) : (
        <EmptyState icon={<FileX2 className="size-8" aria-hidden />} title="Not text">
          What is in this file cannot be shown as text. It can be downloaded.
        </EmptyState>
      )}
    </>
  )
}

type CodeWithCommentsProps = Omit<CodeEditorProps, 'className'> & { projectId: string; isArchived: boolean }

function CodeWithComments({ projectId, isArchived, ...rest }: CodeWithCommentsProps) {
  const { path, text } = rest
  const [, go] = usePlace(projectId)
  const { selected, forEditor } = useCommentMarks(projectId, path, text)
  /** Also to the line that was gone to last. */
  const goToLine = (line: number) => {
    go({ line: undefined })
    requestAnimationFrame(() => go({ line }))
  }
  return (
    <>
      <Code {...rest} {...forEditor} className="min-h-0 flex-1" />
      <CommentsOfFile
        projectId={projectId}
        path={path}
        text={text}
        isReadOnly={isArchived}
        selected={selected}
        onGoTo={goToLine}
      />
    </>
  )
}

/** What was streamed stays in view until the saved file has come. */
function useLastWritten(writing: Writing | undefined): string | undefined {
  const [last, setLast] = useState<string>()
  const content = writing?.content
  useEffect(() => {
    if (content != null) setLast(content)
  }, [content])
  return last
}

type NoticeProps = { tone?: 'plain' | 'need' | 'bad'; action?: React.ReactNode; children: React.ReactNode }

function Notice({ tone = 'plain', action, children }: NoticeProps) {
  return (
    <Callout tone={tone} action={action} className="rounded-none border-b border-line">
      {children}
    </Callout>
  )
}

function Gone({ project, path }: { project: ProjectSnapshot; path: string }) {
  const [, go] = usePlace(project.project.id)
  const [isShowingHistory, setIsShowingHistory] = useState(false)
  if (isShowingHistory) {
    return (
      <HistoryPane
        project={project}
        path={path}
        file={undefined}
        onRestored={() => setIsShowingHistory(false)}
      />
    )
  }
  return (
    <EmptyState
      icon={<FileX2 className="size-8" aria-hidden />}
      title="This file is not there any more"
      action={
        <>
          <Button onClick={() => setIsShowingHistory(true)}>Show its history</Button>
          <Button look="quiet" onClick={() => go({ path: null })}>
            Close
          </Button>
        </>
      }
    >
      <code className="font-mono text-xs">{path}</code> was deleted or has another name now.
    </EmptyState>
  )
}

import { Rocket } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { onPublishAsked } from './ask-to-publish.ts'
import { shownOf } from './show-state.ts'

const PublishDialog = lazy(() =>
  import('./publish-dialog.tsx').then(({ PublishDialog }) => ({ default: PublishDialog })),
)

/** Opens what is to be looked at first: nothing goes out with one click. `listens`: to the palette and the keyboard too. */
export function PublishButton({ project, listens = false }: { project: ProjectSnapshot; listens?: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  const isUnderWay = shownOf(project, 'production').underWay !== null
  useEffect(() => (listens ? onPublishAsked(() => setIsOpen(true)) : undefined), [listens])
  return (
    <>
      <Button
        look={listens ? 'secondary' : 'primary'}
        onClick={() => setIsOpen(true)}
        className="max-md:px-2"
      >
        {isUnderWay ? <Spinner /> : <Rocket className="size-4" aria-hidden />}
        <span className={listens ? 'max-sm:sr-only' : ''}>{isUnderWay ? 'Publishing' : 'Publish'}</span>
      </Button>
      {isOpen && (
        <Suspense>
          <PublishDialog project={project} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

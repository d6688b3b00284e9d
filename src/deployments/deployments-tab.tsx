import { useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { usePlace } from '../files/place.ts'
import { classes } from '../ui/classes.ts'
import { BuildDetails } from './build-details.tsx'
import { BuildRecord } from './build-record.tsx'
import { DomainsSection } from './domains-section.tsx'
import { ProductionCard } from './production-card.tsx'
import { VariablesSection } from './variables-section.tsx'

const SECTIONS = [
  { section: 'record', label: 'Record' },
  { section: 'variables', label: 'Environment' },
  { section: 'domains', label: 'Domains' },
] as const

type Section = (typeof SECTIONS)[number]['section']

/** What the world sees, everything that was ever built, and the settings that builds are made with. */
export function DeploymentsTab({ project }: { project: ProjectSnapshot }) {
  const [place, go] = usePlace(project.project.id)
  const [section, setSection] = useState<Section>('record')
  if (place.buildId !== null) {
    return (
      <BuildDetails
        key={place.buildId}
        project={project}
        buildId={place.buildId}
        onBack={() => go({ buildId: null })}
      />
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto">
      <ProductionCard project={project} onDomains={() => setSection('domains')} />
      <nav aria-label="Deployments" className="flex shrink-0 gap-1 border-y border-line px-2 py-1">
        {SECTIONS.map(({ section: one, label }) => (
          <button
            key={one}
            type="button"
            aria-pressed={section === one}
            onClick={() => setSection(one)}
            className={classes(
              'h-7 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text pointer-coarse:h-10',
              'aria-pressed:bg-hover aria-pressed:font-medium aria-pressed:text-text',
            )}
          >
            {label}
          </button>
        ))}
      </nav>
      {section === 'record' && <BuildRecord project={project} onOpen={(buildId) => go({ buildId })} />}
      {section === 'variables' && <VariablesSection project={project} />}
      {section === 'domains' && <DomainsSection project={project} />}
    </div>
  )
}

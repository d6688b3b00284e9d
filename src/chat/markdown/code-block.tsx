import { CopyButton } from '../copy-button.tsx'

export function CodeBlock({ code, language }: { code: string; language: string }) {
  const name = language.split(/\s/)[0] ?? ''
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="flex h-8 items-center justify-between border-b border-line pr-0.5 pl-3 font-mono text-2xs text-muted">
        {name || 'text'}
        <CopyButton text={code} label="Copy the code" />
      </figcaption>
      <CodeText text={code} label={name ? `Code in ${name}` : 'Code'} />
    </figure>
  )
}

/** Long lines scroll, with the keyboard too. */
export function CodeText({
  text,
  label,
  className = '',
}: {
  text: string
  label: string
  className?: string
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a pre that scrolls is no part of a form
    <pre
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what overflows is scrolled with the keyboard too
      tabIndex={0}
      className={`overflow-auto p-3 font-mono text-xs leading-5 ${className}`}
    >
      <code>{text}</code>
    </pre>
  )
}

import { Skeleton } from '../ui/skeleton.tsx'

/** A bar and a list, which is what most pages become. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center border-b border-line px-4">
        <Skeleton className="w-40" />
      </div>
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-5 px-6 py-8">
        <Skeleton className="w-24" />
        {[0, 1, 2].map((row) => (
          <div key={row} className="flex items-center gap-3">
            <Skeleton className="size-7 rounded-full" />
            <div className="flex flex-1 flex-col gap-2">
              <Skeleton className="w-1/3" />
              <Skeleton className="w-1/2" />
            </div>
          </div>
        ))}
      </div>
    </div>
  )
}

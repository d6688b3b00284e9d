import { Skeleton } from '../ui/skeleton.tsx'

export function RailSkeleton() {
  return (
    <div className="flex w-58 shrink-0 flex-col gap-4 border-r border-line bg-canvas p-3.5 max-md:hidden">
      <div className="flex items-center gap-2.5">
        <Skeleton className="size-7" />
        <Skeleton className="flex-1" />
      </div>
      <Skeleton className="w-1/2" />
      <Skeleton className="w-3/5" />
    </div>
  )
}

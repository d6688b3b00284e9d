export const DESK_FILTERS = ['open', 'mine', 'team', 'closed'] as const
export type DeskFilter = (typeof DESK_FILTERS)[number]

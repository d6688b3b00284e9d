import type { ComputedRequest } from '../computed.ts'
import { accent } from './accent.ts'
import { rename } from './rename.ts'
import { dark, light, system } from './theme.ts'
import { themeToggle } from './theme-toggle.ts'
import { tour } from './tour.ts'
import { undo } from './undo.ts'

/** The first that fits answers. */
export const GENERAL: ComputedRequest[] = [tour, undo, rename, themeToggle, system, dark, light, accent]

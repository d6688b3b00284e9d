/** What a person folded or unfolded in a chat. Kept above the rows, which come and go as they are scrolled. */
import { createContext, useCallback, useContext, useState } from 'react'

type Openings = { states: ReadonlyMap<string, boolean>; set(key: string, open: boolean): void }

export const OpeningsContext = createContext<Openings>({ states: new Map(), set: () => {} })

export function useOpenings(): Openings {
  const [states, setStates] = useState<ReadonlyMap<string, boolean>>(new Map())
  const set = useCallback(
    (key: string, open: boolean) => setStates((before) => new Map(before).set(key, open)),
    [],
  )
  return { states, set }
}

/** `usually` holds until a person decides otherwise. */
export function useOpening(key: string, usually: boolean): [boolean, () => void] {
  const { states, set } = useContext(OpeningsContext)
  const isOpen = states.get(key) ?? usually
  return [isOpen, () => set(key, !isOpen)]
}

/**
 * Rows that fly past need no buttons. Those that come while somebody scrolls by more than half a window at a time get
 * theirs when that has rested for a moment; until then their place is kept.
 */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

const REST = 120

type Flight = {
  moved(pixels: number, windowHeight: number): void
  isOver(): boolean
  /** Returns the way to call it off. */
  whenOver(listener: () => void): () => void
}

export function createFlight(): Flight {
  const waiting = new Set<() => void>()
  let landing: ReturnType<typeof setTimeout> | undefined
  const land = () => {
    landing = undefined
    for (const listener of waiting) listener()
    waiting.clear()
  }
  return {
    moved(pixels, windowHeight) {
      if (Math.abs(pixels) < windowHeight / 2 && landing === undefined) return
      clearTimeout(landing)
      landing = setTimeout(land, REST)
    },
    isOver: () => landing === undefined,
    whenOver(listener) {
      waiting.add(listener)
      return () => waiting.delete(listener)
    },
  }
}

export const FlightContext = createContext<Flight | null>(null)

/** Once true it stays so, for as long as the row is there. */
export function useHasLanded(): boolean {
  const flight = useContext(FlightContext)
  const [hasLanded, setLanded] = useState(() => flight === null || flight.isOver())
  useEffect(() => {
    if (hasLanded || !flight) return
    if (flight.isOver()) return setLanded(true)
    return flight.whenOver(() => setLanded(true))
  }, [hasLanded, flight])
  return hasLanded
}

export const AfterFlight = ({ children }: { children: ReactNode }) => (useHasLanded() ? children : null)

import { Outlet, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { loadAuth } from './session.ts'
import { SESSION_KEY } from './session-key.ts'

/** Signing in by mail often finishes in another tab: the one that asked then goes on by itself. */
export function SignedOut() {
  const router = useRouter()
  useEffect(() => {
    void loadAuth()
    const onStorage = ({ key }: StorageEvent) => {
      if (key === SESSION_KEY) void router.invalidate()
    }
    window.addEventListener('storage', onStorage)
    return () => window.removeEventListener('storage', onStorage)
  }, [router])
  return <Outlet />
}

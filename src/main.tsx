import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isConfigured } from './config.ts'
import { router } from './router.tsx'
import { takeArrivalFromAddress } from './session/arrival.ts'
import { UnconfiguredPage } from './shell/unconfigured-page.tsx'
import { takeInvitationFromAddress } from './teams/invitation-link.ts'

takeArrivalFromAddress()
takeInvitationFromAddress()

createRoot(document.getElementById('root')!).render(
  <StrictMode>{isConfigured ? <RouterProvider router={router} /> : <UnconfiguredPage />}</StrictMode>,
)

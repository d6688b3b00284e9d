import type { Role, RpcResults, Theme } from '../supabase/functions/_shared/protocol.ts'
import { toBatonError } from './errors.ts'
import { supabase } from './supabase.ts'

type RpcArguments = {
  create_team: { name: string }
  rename_team: { team_id: string; name: string }
  invite_member: { team_id: string; email: string; role: Role }
  revoke_invitation: { invitation_id: string }
  peek_invitation: { token: string }
  accept_invitation: { token: string }
  set_member_role: { team_id: string; user_id: string; role: Role }
  remove_member: { team_id: string; user_id: string }
  leave_team: { team_id: string }
  update_profile: { display_name?: string; theme?: Theme }
  team_snapshot: { team_id: string }
  user_snapshot: Record<string, never>
}

export async function rpc<Name extends keyof RpcArguments>(
  name: Name,
  args: RpcArguments[Name],
  signal?: AbortSignal,
): Promise<RpcResults[Name]> {
  const request = supabase.rpc(name, args)
  const { data, error, status } = await (signal ? request.abortSignal(signal) : request)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return data as RpcResults[Name]
}

import type {
  Attachment,
  EscalationState,
  Host,
  ImportedFile,
  Ladder,
  Priority,
  Role,
  RpcResults,
  Theme,
} from '../supabase/functions/_shared/protocol.ts'
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
  read_notifications: { ids: string[] }
  read_all_notifications: { before: string | null }

  add_comment: { project_id: string; body: string; client_id: string } & CommentPlace
  edit_comment: { comment_id: string; body: string }
  delete_comment: { comment_id: string }
  resolve_thread: { thread_id: string; resolved: boolean }
  comments_snapshot: { project_id: string }

  create_project: { team_id: string; name: string }
  rename_project: { project_id: string; name: string }
  archive_project: { project_id: string; archived: boolean }
  project_snapshot: { project_id: string }
  save_file: { project_id: string; path: string; content: string; base_version: number }
  delete_file: { project_id: string; path: string; base_version: number }
  move_file: { project_id: string; from_path: string; to_path: string; base_version: number }
  read_file: { project_id: string; path: string; version?: number }
  restore_checkpoint: { checkpoint_id: string }

  create_chat: { project_id: string; title?: string }
  rename_chat: { chat_id: string; title: string }
  archive_chat: { chat_id: string; archived: boolean }
  /** Copies all up to this turn; -1 copies nothing. */
  fork_chat: { chat_id: string; turn: number; title?: string }
  search_chats: { project_id: string; query: string; max_hits?: number }
  chat_snapshot: { chat_id: string; max_entries?: number }
  read_entries: { chat_id: string; before_turn: number; max_entries?: number }
  send_message: { chat_id: string; content: string; client_id: string; attachments: Attachment[] }
  resend_from: { entry_id: string; content: string; client_id: string }
  edit_message: { message_id: string; content: string }
  remove_message: { message_id: string }
  stop_run: { run_id: string }
  retry_run: { run_id: string }
  answer_question: { question_id: string; answer: Json }
  cancel_tool_call: { tool_call_id: string }
  run_snapshot: { run_id: string }

  request_build: { project_id: string }
  retry_build: { build_id: string }
  cancel_build: { build_id: string }
  build_snapshot: { build_id: string }
  publish_plan: { project_id: string; checkpoint_id: string | null }
  publish: { project_id: string; checkpoint_id: string | null }
  rollback: { project_id: string; deployment_id: string }
  unpublish: { project_id: string }
  set_preview_visibility: { project_id: string; visibility: Host['visibility'] }
  reset_preview_link: { project_id: string }
  set_variable: { project_id: string; name: string; value: string }
  delete_variable: { project_id: string; name: string }
  set_domain: { project_id: string; domain: string }
  verify_domain: { project_id: string; domain: string }
  remove_domain: { project_id: string; domain: string }
  report_preview: { project_id: string; deployment_id: string; reports: Json[] }
  clear_preview_errors: { project_id: string }
  answer_preview: { question_id: string; answer: Json }
  fork_project: { project_id: string; name: string; checkpoint_id: string | null }
  stage_files: { import_id: string; files: ImportedFile[] }
  finish_import: { import_id: string; project_id: string; file_count: number; replace: boolean }
  import_project: { import_id: string; team_id: string; name: string; file_count: number }
  read_sources: { project_id: string; checkpoint_id: string | null }

  escalate: { chat_id: string; reason: string; priority: Priority; note: string | null }
  claim_escalation: { escalation_id: string }
  release_escalation: { escalation_id: string }
  reassign_escalation: { escalation_id: string; user_id: string }
  return_escalation: { escalation_id: string; note: string }
  resolve_escalation: {
    escalation_id: string
    note: string | null
    cause: string | null
    assessment_was_right: boolean | null
  }
  cancel_escalation: { escalation_id: string }
  judge_assessment: { escalation_id: string; was_right: boolean }
  touch_escalation: { escalation_id: string }
  open_escalation: { escalation_id: string }
  read_escalation: { escalation_id: string }
  look_at_escalation: { escalation_id: string }
  leave_escalation: { escalation_id: string }
  dismiss_steps: { escalation_id: string }
  retry_assessment: { escalation_id: string }
  desk_snapshot: { team_id: string }
  escalation_snapshot: { escalation_id: string }
  chat_escalation: { chat_id: string }
  read_escalations: {
    team_id: string
    states: EscalationState[] | null
    search: string | null
    before: string | null
    max_rows: number
  }
  set_ladder: { team_id: string; ladder: Ladder }
  preview_ladder: { team_id: string; ladder: Ladder | null; priority: Priority; at: string | null }
  escalation_metrics: {
    team_id: string
    from: string
    to: string
    person: string | null
    cause: string | null
    project_id: string | null
    time_zone: string
  }
}

/** In a thread, or in a new one: about an entry, about a file, or about lines of it. */
export type CommentPlace =
  | { thread_id: string }
  | { entry_id: string }
  | { path: string; from_line?: number; to_line?: number; quote?: string }

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

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

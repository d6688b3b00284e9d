/**
 * Limits and delays. Hosted Supabase counts a tenant's events at 100/s on its smallest plan; one team on its own
 * machine deserves more, so the tenant-wide figures are generous and the tight ones are per socket: whoever floods is
 * closed, and nobody else.
 */
export type Settings = typeof DEFAULTS

export const DEFAULTS = {
  joinErrorDelayMs: 5_000,
  handshakeErrorDelayMs: 2_000,

  maxFrameBytes: 5_000_000,
  maxPayloadBytes: 3_000_000,
  /** What one socket may leave unread before it is closed. */
  maxBufferedBytes: 16_000_000,
  /** What one socket may have waiting for an answer of the database before it is no longer read from. */
  maxPendingMessages: 100,
  idleTimeoutMs: 60_000,

  maxSockets: 10_000,
  joinsPerSecond: 2_500,
  eventsPerSecond: 100_000,
  presenceEventsPerSecond: 1_000,
  privateOnly: false,

  channelsPerSocket: 100,
  socketJoinsPerSecond: 100,
  socketEventsPerSecond: 100,
  socketDeliveriesPerSecond: 20_000,
  socketFramesPerSecond: 500,

  presenceCalls: 5,
  presenceCallsWindowMs: 30_000,
  /** Changes of presence within this time travel as one diff: 1,000 people arriving are not 1,000,000 frames. */
  presenceDiffMs: 50,

  tokenRecheckMs: 300_000,
  databaseWaitMs: 5_000,
  replicationReadyTimeoutMs: 60_000,
  subscribeRetryMs: { least: 5_000, most: 10_000 },

  poolSize: 10,
  changesPoolSize: 4,
  maxQueuedChanges: 20_000,
  maxChangeBytes: 1024 * 1024,

  /** A slot that nobody has read for longer belongs to a past that no client remembers. */
  slotMaxIdleMs: 300_000,
  /** When it is not said otherwise, so on a server of the operator's own. */
  dropsSlotOnStop: false,
  /** How long after a restart a returning channel is still handed what it missed. */
  rejoinGraceMs: 30_000,
  maxHeldBytes: 16_000_000,

  partitionCheckMs: 30_000,
  janitorFirstMs: 600_000,
  janitorEveryMs: 4 * 3_600_000,
}

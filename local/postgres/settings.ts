/** Given on the command line at every start, so that an old data folder never runs with old settings. */
export function serverSettings({ port, fsync }: { port: number; fsync: boolean }): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',

    wal_level: 'logical',
    max_wal_senders: '20',
    max_replication_slots: '20',
    /** A reader of the log that is gone for good must not fill the disk. */
    max_slot_wal_keep_size: '512MB',
    max_wal_size: '1GB',

    shared_buffers: '128MB',
    effective_cache_size: '1GB',
    random_page_cost: '1.1',
    /** Compiling costs more than it saves on queries that take a millisecond. */
    jit: 'off',
    autovacuum_naptime: '15s',

    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_line_prefix: '%q%u@%d ',
    log_checkpoints: 'off',
    /** Commits stay synchronous in tests: readers of the log get only what was flushed. */
    ...(fsync ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
}

export const asArguments = (settings: Record<string, string>) =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])

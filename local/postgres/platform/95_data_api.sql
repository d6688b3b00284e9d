-- The data API keeps what it knows of the schema until it is told to look again, as on hosted.

create or replace function platform.reload_data_api() returns event_trigger
language plpgsql set search_path = '' as $$
begin
  notify pgrst, 'reload schema';
end
$$;

drop event trigger if exists reload_data_api;
create event trigger reload_data_api on ddl_command_end
  when tag in (
    'CREATE SCHEMA', 'ALTER SCHEMA', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE',
    'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW',
    'ALTER MATERIALIZED VIEW', 'CREATE FUNCTION', 'ALTER FUNCTION', 'CREATE TYPE', 'ALTER TYPE', 'CREATE RULE',
    'COMMENT'
  )
  execute function platform.reload_data_api();

drop event trigger if exists reload_data_api_after_drop;
create event trigger reload_data_api_after_drop on sql_drop
  when tag in (
    'DROP SCHEMA', 'DROP TABLE', 'DROP FOREIGN TABLE', 'DROP VIEW', 'DROP MATERIALIZED VIEW', 'DROP FUNCTION',
    'DROP TYPE', 'DROP RULE'
  )
  execute function platform.reload_data_api();

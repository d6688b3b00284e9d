import { finish, ours, runSteps } from './run.ts'

finish(
  runSteps([
    ours('schema.sql', 'scripts/db-schema.ts', '--check'),
    ours('types', 'scripts/db-types.ts', '--check'),
  ]),
)

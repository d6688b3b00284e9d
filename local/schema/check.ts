import { finish, ours, runSteps } from '../../scripts/run.ts'

finish(
  runSteps([
    ours('schema.sql', 'local/schema/schema.ts', '--check'),
    ours('types', 'local/schema/types.ts', '--check'),
  ]),
)

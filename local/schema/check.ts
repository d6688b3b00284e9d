import { finish, ours, runSteps } from '../../scripts/run.ts'

finish(
  runSteps([
    ours('the template and schema.sql', 'local/schema/schema.ts', '--check'),
    ours('types', 'local/schema/types.ts', '--check'),
  ]),
)

/** Everything that holds without running Baton: format, lint and boundaries, types, dead code, drift. */
import { finish, ours, runSteps } from './run.ts'

finish(
  runSteps([
    {
      name: 'format, lint, import boundaries',
      command: 'biome',
      args: ['ci', '--diagnostic-level=warn', '.'],
    },
    { name: 'types', command: 'tsc', args: ['-p', '.'] },
    ours('edge functions: types and pinned versions', 'local/functions/check.ts'),
    { name: 'dead code', command: 'knip', args: ['--no-progress'] },
    ours('schema.sql and the database types are those of the migrations', 'local/schema/check.ts'),
  ]),
)

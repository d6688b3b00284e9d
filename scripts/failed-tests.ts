/** For Vitest: writes a line for all that failed into the file that BATON_FAILED_TESTS names. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

type Failure = { message: string }

export default class FailedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Failure[]): void {
    const lines = [
      ...modules.flatMap((module) => [
        ...module.errors().map((error) => lineOf(module.relativeModuleId, [error])),
        ...[...module.children.allTests('failed')].map((test) =>
          lineOf(`${module.relativeModuleId} › ${test.fullName}`, test.result().errors),
        ),
      ]),
      ...unhandled.map((error) => lineOf('Outside of any test', [error])),
    ]
    writeFileSync(process.env.BATON_FAILED_TESTS!, lines.map((line) => `${line}\n`).join(''))
  }
}

const lineOf = (place: string, errors: readonly Failure[] = []) =>
  `${place}: ${errors[0]?.message.split('\n', 1)[0] ?? 'no reason given'}`

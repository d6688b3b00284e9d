import { expect, test } from 'vitest'
import { createDomainChecks, type DueCheck, type ResolveTxt } from './domain-checks.ts'

const due = (domain: string): DueCheck => ({
  domain,
  record_name: `_baton.${domain}`,
  record_value: 'baton-verify=right',
  token: '1',
})

async function outcomes(resolveTxt: ResolveTxt) {
  const waiting = [due('app.example.com')]
  const ended: (string | null)[] = []
  const verified: string[] = []
  const rows = {
    due: async () => waiting.splice(0),
    finish: async (_check: DueCheck, problem: string | null) => void ended.push(problem),
  }
  await createDomainChecks(rows, resolveTxt, (domain) => verified.push(domain)).run()
  return { ended, verified }
}

const fails = (code: string) => async (): Promise<string[][]> => {
  throw Object.assign(new Error(code), { code })
}

test('a domain whose record has the value is verified, in however many parts it is written', async () => {
  const answer = async (name: string) =>
    name === '_baton.app.example.com' ? [['other'], ['baton-', 'verify=right']] : []
  expect(await outcomes(answer)).toEqual({ ended: [null], verified: ['app.example.com'] })
})

test.for([
  [async () => [['baton-verify=wrong']], /another value: baton-verify=wrong/],
  [fails('ENOTFOUND'), /no TXT record at _baton\.app\.example\.com/],
  [fails('ETIMEOUT'), /DNS could not be asked \(ETIMEOUT\)/],
] as const)('what is wrong with it is said in words', async ([resolveTxt, problem]) => {
  const { ended, verified } = await outcomes(resolveTxt)
  expect(ended[0]).toMatch(problem)
  expect(verified).toEqual([])
})

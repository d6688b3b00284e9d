/** Answers as models write them: prose, lists, tables, code. The same in every run. */
const PIECES = [
  (n: number) =>
    `## Step ${n}: keep what people typed\n\nA form that forgets what was typed is *worse* than none. Here **every letter** is kept at once, under a [name of its own](https://example.test/${n}), so that a reload, a crash or a closed lid loses nothing.`,
  (n: number) =>
    `- The list is read once, when the page opens\n- Each change is written at once (\`localStorage.setItem('todo-${n}', …)\`)\n  - a full disk is told, not swallowed\n- [x] Tests for both\n- [ ] A word about it in the help`,
  (n: number) =>
    `\`\`\`tsx\nexport function useStored${n}<Value>(key: string, initial: Value) {\n  const [value, setValue] = useState<Value>(() => read(key) ?? initial)\n  useEffect(() => {\n    localStorage.setItem(key, JSON.stringify(value))\n  }, [key, value])\n  return [value, setValue] as const\n}\n\`\`\``,
  (n: number) =>
    `| file | lines | why |\n| --- | ---: | --- |\n| \`src/use-stored-${n}.ts\` | 24 | keeps a value |\n| \`src/task-item.tsx\` | 61 | one task, with its box |\n| \`src/filter-bar.tsx\` | 38 | all, open, done |`,
  (n: number) =>
    `> Whatever is written here is read by somebody in a hurry.\n\n${n}. First the *smallest* thing that works.\n${n + 1}. Then what ~~might~~ will break.\n${n + 2}. Then the rest, one at a time, each with its reason.`,
]

const piece = (n: number) => PIECES[n % PIECES.length]!(n)

export const SHORT_ANSWERS = Array.from({ length: 999 }, (_, n) => piece(n))

const LENGTH = 45 * 1024
const END = '\n\nThe very last word.'

export const LONG_ANSWER = longAnswer()

function longAnswer(): string {
  let text = ''
  for (let n = 0; text.length < LENGTH - END.length; n += 1) text += `${piece(n)}\n\n`
  return text.slice(0, LENGTH - END.length).replace(/`+[^`]*$/, '') + END
}

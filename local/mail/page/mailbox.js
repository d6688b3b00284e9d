const API = '/mailbox/api'
const byId = (id) => document.getElementById(id)
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
let chosen = location.hash.slice(1)
let view = 'text'

async function refresh() {
  const messages = await (await fetch(`${API}/messages`)).json()
  byId('messages').replaceChildren(...messages.map(entry))
  byId('nothing').hidden = messages.length > 0
  byId('empty').disabled = messages.length === 0
  byId('state').textContent = messages.length === 1 ? '1 message' : `${messages.length} messages`
}

function entry({ id, to, subject, preview, at }) {
  const button = element('button', { type: 'button' }, [
    element('span', { className: 'to' }, [to.join(', ')]),
    element('time', { dateTime: at, title: exact.format(new Date(at)) }, [clock.format(new Date(at))]),
    element('span', { className: 'subject' }, [subject || '(no subject)']),
    element('span', { className: 'preview' }, [preview]),
  ])
  button.dataset.id = id
  button.setAttribute('aria-current', String(id === chosen))
  button.addEventListener('click', () => choose(id))
  return element('li', {}, [button])
}

async function choose(id) {
  chosen = id
  history.replaceState(null, '', `#${id}`)
  for (const button of document.querySelectorAll('#messages button')) {
    button.setAttribute('aria-current', String(button.dataset.id === id))
  }
  const answer = await fetch(`${API}/messages/${id}`)
  show(answer.ok ? await answer.json() : null)
}

function show(message) {
  if (!message)
    return byId('message').replaceChildren(element('p', { className: 'hint' }, ['This message is gone.']))
  byId('message').replaceChildren(
    element('h2', {}, [message.subject || '(no subject)']),
    element('p', { className: 'facts' }, [
      `From ${message.from} · to ${message.to.join(', ')} · ${exact.format(new Date(message.at))}`,
    ]),
    ...(message.html ? [viewSwitch(message)] : []),
    view === 'html' && message.html ? frame(message) : textView(message),
  )
}

function viewSwitch(message) {
  const option = (name, label) => {
    const button = element('button', { type: 'button' }, [label])
    button.setAttribute('aria-pressed', String(view === name))
    button.addEventListener('click', () => {
      view = name
      show(message)
    })
    return button
  }
  return element('div', { className: 'views' }, [
    option('text', 'Text'),
    option('html', 'As a mail program shows it'),
  ])
}

/** Its document has no origin and runs nothing; links open outside of it. */
function frame({ id, subject }) {
  const iframe = element('iframe', { title: subject, src: `${API}/messages/${id}/html` }, [])
  iframe.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox')
  return iframe
}

function textView({ text }) {
  const parts = text.split(/(https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?])/)
  return element(
    'pre',
    {},
    parts.map((part, index) =>
      index % 2 === 1
        ? element('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, [part])
        : part,
    ),
  )
}

function element(name, properties, children) {
  const node = Object.assign(document.createElement(name), properties)
  node.append(...children)
  return node
}

byId('empty').addEventListener('click', async () => {
  await fetch(`${API}/messages`, { method: 'DELETE' })
  chosen = ''
  byId('message').replaceChildren(element('p', { className: 'hint' }, ['Choose a message.']))
})

const changes = new EventSource(`${API}/changes`)
changes.addEventListener('open', refresh)
changes.addEventListener('changed', refresh)
changes.addEventListener('error', () => {
  byId('state').textContent = 'The stack does not answer; trying again…'
})
if (chosen) choose(chosen)

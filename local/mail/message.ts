import PostalMime, { type Address } from 'postal-mime'

export type Summary = {
  id: string
  at: string
  from: string
  /** Lower case: everybody it was delivered to. */
  to: string[]
  subject: string
  preview: string
}

export type Message = Summary & { text: string; html: string | null; links: string[] }

export async function readMessage(id: string, source: Buffer): Promise<Message> {
  const mail = await PostalMime.parse(source)
  const text = mail.text ?? textOf(mail.html ?? '')
  const delivered = mail.headers.filter(({ key }) => key === 'delivered-to').map(({ value }) => value)
  const addressed = [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap(addressesOf)
  return {
    id,
    at: new Date(Number(id.slice(0, 15))).toISOString(),
    from: mail.from ? labelOf(mail.from) : '',
    to: [...new Set([...delivered, ...addressed].map((address) => address.toLowerCase()))],
    subject: mail.subject ?? '',
    preview: text.replace(/\s+/g, ' ').trim().slice(0, 140),
    text,
    html: mail.html ?? null,
    links: linksIn(text),
  }
}

export const summarize = ({ text: _text, html: _html, links: _links, ...summary }: Message): Summary =>
  summary

const addressesOf = (address: Address): string[] =>
  address.address !== undefined ? [address.address] : (address.group ?? []).map((member) => member.address)

const labelOf = ({ name, address }: Address) => (name && address ? `${name} <${address}>` : (address ?? name))

const linksIn = (text: string) => [
  ...new Set(text.match(/https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?]/g) ?? []),
]

function textOf(html: string): string {
  return html
    .replace(/<(style|script|head)[\s\S]*?<\/\1>/gi, '')
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, '$2 ($1)')
    .replace(/<(br|\/p|\/div|\/h\d|\/tr)[^>]*>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .trim()
}

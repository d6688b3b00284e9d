import type { Spending } from './spending'

/** All spendings as a table that any spreadsheet opens. */
export function ExportButton({ spendings }: { spendings: Spending[] }) {
  function download() {
    const rows = spendings.map(({ day, what, category, cents }) => [
      day,
      what,
      category,
      (cents / 100).toFixed(2),
    ])
    const csv = [['Day', 'What', 'Category', 'Amount'], ...rows]
      .map((row) => row.map(quoted).join(','))
      .join('\r\n')
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }))
    link.download = 'spendings.csv'
    link.click()
    URL.revokeObjectURL(link.href)
  }

  return (
    <button type="button" onClick={download} className="mt-4 text-sm text-muted underline hover:text-ink">
      Download as CSV
    </button>
  )
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

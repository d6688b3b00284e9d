import { euros, PRODUCTS, percent, whole } from './data'

export function Products() {
  const rows = PRODUCTS

  return (
    <section className="overflow-x-auto rounded-xl border border-line bg-surface p-5">
      <h2 className="font-medium">Products</h2>
      <table className="mt-3 w-full text-sm">
        <thead>
          <tr className="text-left text-muted">
            <th className="py-2 font-normal">Product</th>
            <th className="py-2 text-right font-normal">Sold</th>
            <th className="py-2 text-right font-normal">Revenue</th>
            <th className="py-2 text-right font-normal">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, sold, revenue, change }) => (
            <tr key={name} className="border-line border-t tabular-nums">
              <td className="py-2.5">{name}</td>
              <td className="py-2.5 text-right">{whole(sold)}</td>
              <td className="py-2.5 text-right">{euros(revenue)}</td>
              <td className={`py-2.5 text-right ${change < 0 ? 'text-danger' : 'text-accent'}`}>
                {change > 0 && '+'}
                {percent(change)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

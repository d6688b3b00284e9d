/** The words of the page, apart from its looks. */
export const brand = 'Fernwood'

export const FEATURES = [
  {
    title: 'Grown near you',
    text: 'Every plant comes from one of nine nurseries, none further than a morning’s drive.',
  },
  {
    title: 'Chosen for your light',
    text: 'Tell us where your windows face, and we send what thrives there.',
  },
  { title: 'Looked after for a year', text: 'A plant doctor answers within a day. What dies, we replace.' },
]

export const QUOTE = {
  text: 'I had killed every plant I ever owned. The fern by my desk is two years old now, and it has a name.',
  by: 'Ines, Lisbon',
}

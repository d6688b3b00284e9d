/** Everything that the page says: change it here. */
export const event = {
  title: 'A summer wedding',
  line: 'Two people, one garden, and a table that is long enough for all of you.',
  date: '2027-06-19T15:00',
  place: 'The orchard at Hohenfels',
  address: 'Orchard Lane 4',
  wear: 'Shoes that can stand on grass.',
}

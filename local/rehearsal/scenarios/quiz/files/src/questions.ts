export type Question = { text: string; options: string[]; answer: string; why: string }

export const QUESTIONS: Question[] = [
  {
    text: 'Which planet has the longest day?',
    options: ['Mercury', 'Venus', 'Jupiter', 'Neptune'],
    answer: 'Venus',
    why: 'Venus turns once in 243 of our days, which is longer than its year.',
  },
  {
    text: 'What do bees dance about?',
    options: ['The weather', 'Their queen', 'Where flowers are', 'Danger'],
    answer: 'Where flowers are',
    why: 'The angle of the waggle dance tells the direction, its length the distance.',
  },
  {
    text: 'Which of these was invented first?',
    options: ['The fax machine', 'The telephone', 'The typewriter', 'The bicycle with pedals'],
    answer: 'The fax machine',
    why: 'Alexander Bain patented it in 1843, 33 years before the telephone.',
  },
  {
    text: 'How many hearts does an octopus have?',
    options: ['One', 'Two', 'Three', 'Eight'],
    answer: 'Three',
    why: 'Two pump blood through the gills, one through the rest of the body.',
  },
  {
    text: 'What is the dot over an i called?',
    options: ['Jot', 'Tittle', 'Serif', 'Tilde'],
    answer: 'Tittle',
    why: 'It comes from the Latin “titulus”, a mark above a letter.',
  },
]

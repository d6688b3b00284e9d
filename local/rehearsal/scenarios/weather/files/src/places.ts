export type Sky = 'clear' | 'cloudy' | 'rain' | 'snow'
export type Day = { name: string; sky: Sky; low: number; high: number; rain: number }
export type Place = { name: string; now: number; sky: Sky; words: string; days: Day[] }

const NAMES = ['Today', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Made up, but not at random: the same week at every start. */
function week(start: number, swing: number, skies: Sky[]): Day[] {
  return NAMES.map((name, index) => {
    const sky = skies[index % skies.length] ?? 'clear'
    const high = Math.round(start + swing * Math.sin(index * 1.3))
    return {
      name,
      sky,
      high,
      low: high - 5 - (index % 3),
      rain: sky === 'rain' || sky === 'snow' ? 60 + index * 4 : 5 * index,
    }
  })
}

export const PLACES: Place[] = [
  {
    name: 'Bergen',
    now: 9,
    sky: 'rain',
    words: 'Rain until the evening',
    days: week(10, 3, ['rain', 'rain', 'cloudy']),
  },
  {
    name: 'Lisbon',
    now: 21,
    sky: 'clear',
    words: 'Clear, a light wind from the sea',
    days: week(22, 2, ['clear', 'clear', 'cloudy']),
  },
  {
    name: 'Vienna',
    now: 14,
    sky: 'cloudy',
    words: 'Clouds, and sun towards noon',
    days: week(15, 4, ['cloudy', 'clear', 'rain']),
  },
  {
    name: 'Tromsø',
    now: -2,
    sky: 'snow',
    words: 'Snow showers',
    days: week(0, 3, ['snow', 'cloudy', 'clear']),
  },
]

export const degrees = (celsius: number) => `${Math.round(celsius)}°`

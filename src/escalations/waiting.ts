/** "0:07", "12:30", "3 h 05", "2 d 4 h": a clock that people see run, and that keeps its width while it does. */
export function waiting(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 3_600) return `${Math.floor(whole / 60)}:${twoDigits(whole % 60)}`
  if (whole < 86_400) return `${Math.floor(whole / 3_600)} h ${twoDigits(Math.floor((whole % 3_600) / 60))}`
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3_600)} h`
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

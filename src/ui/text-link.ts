export const textLink =
  'font-medium text-text underline decoration-line-strong underline-offset-3 hover:decoration-text'

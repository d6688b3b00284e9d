export class LaunchError extends Error {
  override readonly name = 'LaunchError'
}

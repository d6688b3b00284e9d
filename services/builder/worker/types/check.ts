export async function checkTypes(_files: unknown): Promise<never[]> {
  return []
}

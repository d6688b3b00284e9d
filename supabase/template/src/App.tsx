export default function App() {
  return (
    <main className="grid min-h-dvh place-items-center bg-zinc-50 px-6 text-center text-zinc-900 dark:bg-zinc-950 dark:text-zinc-50">
      <div className="max-w-md space-y-3">
        <h1 className="text-balance text-3xl font-semibold tracking-tight">Your app begins here</h1>
        <p className="text-pretty text-zinc-600 dark:text-zinc-300">
          Say in the chat what you would like to have, and watch it grow.
        </p>
      </div>
    </main>
  )
}

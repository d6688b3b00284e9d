/** Two soft tones, made by the browser: there is no file to load. */
export function ring(): void {
  const audio = new AudioContext()
  for (const [index, frequency] of [660, 880].entries()) {
    const start = audio.currentTime + index * 0.25
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0.0001, start)
    volume.gain.exponentialRampToValueAtTime(0.2, start + 0.03)
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.8)
    tone.connect(volume).connect(audio.destination)
    tone.start(start)
    tone.stop(start + 0.8)
  }
}

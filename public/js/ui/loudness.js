// How loud a microphone hears, told again and again.

/**
 * @param {MediaStreamTrack} track
 * @param {number} every milliseconds
 * @param {(loudness: number) => void} heard the root mean square of what has just been heard, 0 to 1
 * @returns {() => void} ends it
 */
export function listenTo(track, every, heard) {
  if (typeof AudioContext === 'undefined') return () => {};
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
  }, every);
  return () => {
    clearInterval(timer);
    context.close().catch(() => {});
  };
}

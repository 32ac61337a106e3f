// Names of files that come from others.

const LONGEST = 120;

/**
 * A name that can be shown and saved: no folders, nothing invisible, and nothing that turns the direction
 * of the text (with it "gpj.exe" can be made to look like "exe.jpg").
 * @param {string} name
 */
export function safeName(name) {
  const clean = name.normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[\\/:*?"<>|]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const letters = [...clean];
  if (letters.length <= LONGEST) return clean || 'file';
  const dot = letters.lastIndexOf('.');
  const ending = dot > 0 && letters.length - dot <= 12 ? letters.slice(dot) : [];
  return [...letters.slice(0, LONGEST - ending.length), ...ending].join('');
}

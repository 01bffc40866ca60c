// The keyboard map of the desk: what a key means where the person is.

type Digit = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
export type Place = 'list' | 'order' | 'panel' | 'sync' | 'assets' | 'cases';
export type Command =
  | 'search'
  | 'lock'
  | 'up'
  | 'main'
  | 'next'
  | 'previous'
  | 'open'
  | 'labour'
  | 'note'
  | 'photo'
  | 'failure'
  | 'keep_both'
  | `version_${Digit}`
  | 'tick'
  | 'part'
  | 'case_fix'
  | 'case_resend'
  | 'case_ask'
  | 'count_once'
  | 'room_work'
  | 'room_orders'
  | 'room_parts'
  | 'room_assets'
  | 'room_cases'
  | 'room_sync';

/** What follows `G`, go to. */
const rooms: Record<string, Command> = {
  m: 'room_work',
  o: 'room_orders',
  a: 'room_assets',
  p: 'room_parts',
  s: 'room_sync',
  e: 'room_cases',
};

/** On the exceptions page; each only opens its confirmation. */
const caseLetters: Record<string, Command> = { f: 'case_fix', r: 'case_resend', q: 'case_ask' };

/** Single letters; they act only after the scanner guard has let them through. */
export function letterCommand(key: string, place: Place, before: string | null = null): Command | null {
  if (place === 'panel') return null;
  const letter = key.toLowerCase();
  if (before?.toLowerCase() === 'g') return rooms[letter] ?? null;
  if (letter === '/') return 'search';
  if (place === 'sync') return null;
  if (place === 'assets') return letter === 'o' ? 'count_once' : null;
  if (letter === 'j') return 'next';
  if (letter === 'k') return 'previous';
  if (place === 'cases') return caseLetters[letter] ?? null;
  if (place !== 'order') return null;
  if (letter === 't') return 'labour';
  if (letter === 'n') return 'note';
  if (letter === 'p') return 'photo';
  if (letter === 'c') return 'tick';
  if (letter === 'f') return 'failure';
  if (letter === 'b') return 'keep_both';
  if (isDigit(letter)) return `version_${letter}`;
  return letter === 'r' ? 'part' : null;
}

function isDigit(key: string): key is Digit {
  return /^[1-9]$/.test(key);
}

export type Pressed = { key: string; ctrlKey: boolean; isField: boolean; isControl: boolean };

/** Keys that act at once: chords, arrows, Enter and Escape. */
export function keyCommand(pressed: Pressed, place: Place): Command | null {
  const key = pressed.key.toLowerCase();
  if (pressed.ctrlKey) {
    if (key === 'l') return 'lock';
    return key === 'enter' && (place === 'order' || place === 'cases') ? 'main' : null;
  }
  if (place === 'panel' || pressed.isField) return null;
  if (key === 'escape') return 'up';
  if (place === 'sync' || place === 'assets') return null;
  if (key === 'arrowdown') return 'next';
  if (key === 'arrowup') return 'previous';
  return key === 'enter' && place !== 'cases' && !pressed.isControl ? 'open' : null;
}

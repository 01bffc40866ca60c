// Six digits, entered one by one.

export const PIN_LENGTH = 6;

/** The entry after one more key: a digit, `Backspace` or `Escape`; other keys change nothing. */
export function enter(pin: string, key: string): string {
  if (key === 'Backspace') return pin.slice(0, -1);
  if (key === 'Escape') return '';
  return /^\d$/.test(key) && pin.length < PIN_LENGTH ? pin + key : pin;
}

/** Setting a PIN: the first entry, then the same again. */
export type PinChoice = { first: string | null; hasDiffered: boolean };

export function choose(choice: PinChoice, pin: string): { choice: PinChoice; chosen: string | null } {
  if (choice.first === null) return { choice: { first: pin, hasDiffered: false }, chosen: null };
  if (choice.first === pin) return { choice, chosen: pin };
  return { choice: { first: null, hasDiffered: true }, chosen: null };
}

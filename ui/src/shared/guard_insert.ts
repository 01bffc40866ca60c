// Stops a text from being put into a field when it alone is longer than the field may hold.
// A browser engine stands still for minutes over a text of megabytes, and with it the whole desk.
import type { Attachment } from 'svelte/attachments';

type TooLong = { code: string; arguments: { name: string; value: string }[] };

/** What was in the field stays, what was to be inserted stays where it came from. */
export function guardInsert(limit: number, onTooLong: (problem: TooLong) => void): Attachment<HTMLElement> {
  const heard = (event: InputEvent) => {
    const inserted = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
    if (inserted.length <= limit) return;
    event.preventDefault();
    const told = { length: inserted.length, limit };
    onTooLong({
      code: 'text.too_long',
      arguments: Object.entries(told).map(([name, value]) => ({ name, value: String(value) })),
    });
  };
  return (field) => {
    field.addEventListener('beforeinput', heard);
    return () => field.removeEventListener('beforeinput', heard);
  };
}

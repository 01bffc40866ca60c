// Puts the scanner guard between the keyboard and the page.
import { ALONE_MS, elapse, press, quiet, type Guard, type Verdict } from './scan_guard';

export type KeyWatch = { onShortcut(key: string): void; onScan(text: string): void };

type Field = HTMLInputElement | HTMLTextAreaElement;

function fieldOf(target: EventTarget | null): Field | null {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
}

/** A field says with `data-scan="accept"` that scanned text belongs in it. */
function acceptsScan(field: Field | null): boolean {
  return field?.dataset['scan'] === 'accept';
}

/** Buttons that decide take a pointer or Ctrl Enter, never a plain key a scanner could send. */
function isDecision(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[data-decision]') !== null;
}

/** Listens until the returned function is called. */
export function watchKeys(watch: KeyWatch): () => void {
  let guard: Guard = quiet;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let field: Field | null = null;
  let before = '';

  function settle(verdict: Verdict | null): void {
    if (!verdict) return;
    if (verdict.kind === 'shortcut') {
      if (!field) watch.onShortcut(verdict.key);
      return;
    }
    // Without a suffix a burst in a field is taken for fast typing and stays where it is.
    if (acceptsScan(field) || (field && !verdict.hasSuffix)) return;
    if (field) {
      field.value = before;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    watch.onScan(verdict.text);
  }

  function heard(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Shift') return;
    clearTimeout(timer);
    const now = event.timeStamp;
    const earlier = elapse(guard, now);
    guard = earlier.guard;
    settle(earlier.verdict);
    if (guard.burst === '') {
      field = fieldOf(event.target);
      before = field?.value ?? '';
    }
    const step = press(guard, event.key, now);
    guard = step.guard;
    settle(step.verdict);
    const isPress = event.key === 'Enter' || event.key === ' ';
    const isOwn = acceptsScan(fieldOf(event.target));
    if ((step.isSwallowed && !isOwn) || (isPress && isDecision(event.target))) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    timer = setTimeout(() => {
      const later = elapse(guard, Number.POSITIVE_INFINITY);
      guard = later.guard;
      settle(later.verdict);
    }, ALONE_MS);
  }

  window.addEventListener('keydown', heard, true);
  return () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', heard, true);
  };
}

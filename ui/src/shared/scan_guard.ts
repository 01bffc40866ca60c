// Tells a wedge scanner from a person. A scanner types; its keys must never act as shortcuts.
// Pure: keys and times go in, verdicts come out. The caller owns timers and the page.

/** A single letter acts only when no second key follows within this time. */
export const ALONE_MS = 60;
/** Keys of a scanner follow each other faster than this. */
export const BURST_GAP_MS = 35;
/** A burst of at least this many characters is a scan. */
export const BURST_LENGTH = 4;

export type Verdict = { kind: 'shortcut'; key: string } | { kind: 'scan'; text: string; hasSuffix: boolean };
export type Guard = {
  /** Characters that came in one burst. */
  burst: string;
  lastAt: number;
  /** A letter waiting to be alone. */
  alone: string | null;
};

export const quiet: Guard = { burst: '', lastAt: Number.NEGATIVE_INFINITY, alone: null };

/** Ends what the time since the last key decides: a scan without suffix, or a lone letter. */
export function elapse(guard: Guard, now: number): { guard: Guard; verdict: Verdict | null } {
  if (now - guard.lastAt < ALONE_MS) return { guard, verdict: null };
  const ended = { ...quiet, lastAt: guard.lastAt };
  if (guard.burst.length >= BURST_LENGTH) {
    return { guard: ended, verdict: { kind: 'scan', text: guard.burst, hasSuffix: false } };
  }
  if (guard.alone !== null) return { guard: ended, verdict: { kind: 'shortcut', key: guard.alone } };
  return { guard: ended, verdict: null };
}

/** Takes one key. `isSwallowed` says that the key belonged to a scan and must not reach a button. */
export function press(
  guard: Guard,
  key: string,
  now: number,
): { guard: Guard; verdict: Verdict | null; isSwallowed: boolean } {
  const gap = now - guard.lastAt;
  const isSuffix = key === 'Enter' || key === 'Tab';
  const isBurst = gap < BURST_GAP_MS && guard.burst.length > 0;
  if (isSuffix) {
    const ended = { ...quiet, lastAt: now };
    if (isBurst && guard.burst.length >= BURST_LENGTH) {
      return {
        guard: ended,
        verdict: { kind: 'scan', text: guard.burst, hasSuffix: true },
        isSwallowed: true,
      };
    }
    return { guard: ended, verdict: null, isSwallowed: gap < ALONE_MS };
  }
  if (key.length !== 1) return { guard: { ...quiet, lastAt: now }, verdict: null, isSwallowed: false };
  const burst = isBurst ? guard.burst + key : key;
  return {
    guard: { burst, lastAt: now, alone: gap >= ALONE_MS ? key : null },
    verdict: null,
    isSwallowed: false,
  };
}

// Arithmetic on decimal text, exact, for the plus and minus buttons of a reading.

type Scaled = { units: bigint; scale: number };

function parse(text: string): Scaled | null {
  const match = /^\s*([-\u2212]?)(\d+)(?:[.,](\d+))?\s*$/.exec(text);
  if (!match) return null;
  const fraction = match[3] ?? '';
  const units = BigInt(`${match[2]}${fraction}`);
  return { units: match[1] ? -units : units, scale: fraction.length };
}

function print({ units, scale }: Scaled): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${whole}` : whole;
}

function widen(value: Scaled, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}

/** The value moved by one increment; text that is no number starts at zero. */
export function step(text: string, increment: string, direction: 1 | -1): string {
  const value = parse(text) ?? { units: 0n, scale: 0 };
  const by = parse(increment) ?? { units: 1n, scale: 0 };
  const scale = Math.max(value.scale, by.scale);
  return print({ units: widen(value, scale) + BigInt(direction) * widen(by, scale), scale });
}

/** -1, 0 or 1; `null` when one of them is no number. */
export function compare(left: string, right: string): number | null {
  const a = parse(left);
  const b = parse(right);
  if (!a || !b) return null;
  const scale = Math.max(a.scale, b.scale);
  const difference = widen(a, scale) - widen(b, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

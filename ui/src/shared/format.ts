// Numbers, dates and durations as people read them, in the plant's time zone.
// Times arrive as UTC milliseconds, quantities and readings as decimal text.

export type Moment = number | null;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

let locale = 'en-GB';
let zone = 'UTC';
const cached = new Map<string, Intl.DateTimeFormat>();

/** Sets the language and the time zone everything is shown in. */
export function useFormat(options: { locale?: string; timeZone?: string }): void {
  locale = options.locale ?? locale;
  zone = options.timeZone ?? zone;
  cached.clear();
}

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = cached.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  cached.set(name, made);
  return made;
}

/** `07:52` */
export function time(at: Moment): string {
  return formatter('time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at ?? 0);
}

/** `Wed 18 Nov` */
export function day(at: Moment): string {
  return formatter('day', { weekday: 'short', day: 'numeric', month: 'short' })
    .format(at ?? 0)
    .replace(',', '');
}

function dayKey(at: number): string {
  return formatter('key', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** The time alone today, with the day otherwise: `07:52`, `Wed 18 Nov 07:52`. */
export function moment(at: Moment, now: number = Date.now()): string {
  const value = at ?? 0;
  if (dayKey(value) === dayKey(now)) return time(value);
  const isFar = Math.abs(now - value) > 300 * DAY_MS;
  const year = isFar ? ` ${formatter('year', { year: 'numeric' }).format(value)}` : '';
  return `${day(value)}${year} ${time(value)}`;
}

/** Hours and minutes: `0:42`. */
export function duration(lengthMs: number): string {
  const minutes = Math.max(0, Math.floor(lengthMs / MINUTE_MS));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Hours, minutes and seconds of a running clock: `0:42:18`. */
export function clock(lengthMs: number): string {
  const seconds = Math.max(0, Math.floor(lengthMs / 1000));
  return `${duration(seconds * 1000)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Decimal text with the language's decimal sign; digits are never rounded. */
export function decimal(text: string): string {
  const sign = new Intl.NumberFormat(locale)
    .formatToParts(1.5)
    .find((part) => part.type === 'decimal')?.value;
  return text.replace('.', sign ?? '.').replace(/^-/, '\u2212');
}

/** A value with its unit: `0.03 mm`. */
export function quantity(text: string, unit: string | null): string {
  return unit ? `${decimal(text)} ${unit}` : decimal(text);
}

/** A whole number. */
export function count(value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** A size of a file: `480 kB`, `4.1 MB`. */
export function bytes(size: number): string {
  const isSmall = size < 1_000_000;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: isSmall ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: isSmall ? 0 : 1,
  }).format(isSmall ? Math.ceil(size / 1000) : size / 1_000_000);
}

/** A share of a whole in percent: `62%`. */
export function percent(done: number, total: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A share of a whole with one digit: `97.1%`. */
export function fineShare(part: number, whole: number): string {
  const share = whole > 0 ? part / whole : 0;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, { style: 'percent', ...digits }).format(share);
}

/** A number with so many digits behind its decimal sign. */
export function fixed(value: number, digits: number): string {
  const range = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, range).format(value);
}

/** A day of the calendar, `YYYY-MM-DD`, which no time zone moves: `18 Oct 2011`. */
export function calendarDay(day: string): string {
  return inUtc(day, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** The same without its year: `18 Oct`. */
export function dayOfYear(day: string): string {
  return inUtc(day, { day: 'numeric', month: 'short' });
}

/** A month: `Oct 2011`. */
export function monthOf(year: number, month: number): string {
  return inUtc(`${year}-${String(month).padStart(2, '0')}-01`, { month: 'short', year: 'numeric' });
}

function inUtc(day: string, options: Intl.DateTimeFormatOptions): string {
  const moment = new Date(`${day}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).format(moment);
}

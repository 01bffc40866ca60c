import { expect, test } from 'vitest';
import { compare, step } from '../src/shared/decimal';
import { clock, decimal, duration, moment, percent, quantity, time, useFormat } from '../src/shared/format';
import { ROWS_LIMIT, windowRows } from '../src/shared/window_rows';
import { choose, enter } from '../src/person/pin';
import { nextTheme } from '../src/person/look';
import { stepWindow } from '../src/work_order/order_words';

const MORNING = Date.UTC(2026, 10, 25, 6, 52);

test('times are shown in the plant’s zone', () => {
  useFormat({ locale: 'en-GB', timeZone: 'Europe/Berlin' });
  expect(time(MORNING)).toBe('07:52');
  useFormat({ timeZone: 'America/New_York' });
  expect(time(MORNING)).toBe('01:52');
  useFormat({ timeZone: 'Europe/Berlin' });
});

test('another day is named, another year too', () => {
  expect(moment(MORNING, MORNING + 60_000)).toBe('07:52');
  expect(moment(MORNING, MORNING + 86_400_000)).toBe('Wed 25 Nov 07:52');
  expect(moment(Date.UTC(2012, 0, 5, 9), MORNING)).toBe('Thu 5 Jan 2012 10:00');
});

test('durations count up and never below zero', () => {
  expect(clock(2_538_000)).toBe('0:42:18');
  expect(duration(4_200_000)).toBe('1:10');
  expect(clock(-5000)).toBe('0:00:00');
});

test('decimal text keeps its digits', () => {
  expect(quantity('0.030', 'mm')).toBe('0.030 mm');
  expect(decimal('-4.5')).toBe('\u22124.5');
  useFormat({ locale: 'de-DE' });
  expect(decimal('0.03')).toBe('0,03');
  useFormat({ locale: 'en-GB' });
  expect(percent(620, 1000)).toBe('62%');
});

test('an increment is exact', () => {
  expect(step('0.02', '0.01', 1)).toBe('0.03');
  expect(step('0,1', '0.01', -1)).toBe('0.09');
  expect(step('', '0.5', 1)).toBe('0.5');
  expect(step('0', '1', -1)).toBe('-1');
  expect(compare('0.050', '0.05')).toBe(0);
  expect(compare('x', '1')).toBe(null);
});

test('a list of 100,000 rows keeps at most thirty', () => {
  const heights = Array.from({ length: 100_000 }, () => 100);
  for (const top of [0, 3333, 5_000_000, 9_999_900]) {
    const part = windowRows(heights, top, 700);
    expect(part.last - part.first).toBeLessThanOrEqual(ROWS_LIMIT);
    expect(part.before + part.after + 100 * (part.last - part.first)).toBe(10_000_000);
  }
  expect(stepWindow(200, 30)).toEqual({ first: 30, last: 60 });
});

test('a PIN is entered digit by digit and chosen twice', () => {
  expect(['1', '2', 'x', '3', 'Backspace'].reduce(enter, '')).toBe('12');
  expect([...'12345678'].reduce(enter, '')).toBe('123456');
  const first = choose({ first: null, hasDiffered: false }, '123456');
  expect(choose(first.choice, '123456').chosen).toBe('123456');
  expect(choose(first.choice, '654321').choice).toEqual({ first: null, hasDiffered: true });
});

test('themes go round', () => {
  expect(['day', 'night', 'sun'].map(nextTheme)).toEqual(['night', 'sun', 'day']);
});

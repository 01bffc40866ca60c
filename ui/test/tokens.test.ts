// Contrast of the tokens, computed, and no colour outside them.
import { expect, test } from 'vitest';
import tokens from '../src/style/tokens.css?raw';

const sources: Record<string, string> = import.meta.glob('../src/**/*.{svelte,css,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function themeOf(name: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${name}'\\] \\{([^}]*)\\}`).exec(tokens)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const pairs: [string, string, number][] = [
  ['ink', 'surface', 7],
  ['ink', 'bg', 7],
  ['ink2', 'surface', 7],
  ['ink2', 'bg', 7],
  ['ink3', 'surface', 4.5],
  ['ink3', 'bg', 4.5],
  ['ok', 'ok-soft', 4.5],
  ['info', 'info-soft', 4.5],
  ['warn', 'warn-soft', 4.5],
  ['bad', 'bad-soft', 4.5],
  ['stale', 'stale-soft', 4.5],
  ['primary-ink', 'primary', 4.5],
  ['accent-text', 'accent-soft', 4.5],
  ['badge-ink', 'badge', 4.5],
  ['line-strong', 'surface', 3],
  ['line-strong', 'bg', 3],
  ['focus', 'bg', 3],
];

for (const name of ['day', 'night', 'sun']) {
  test(`${name} has the contrast its texts need`, () => {
    const theme = themeOf(name);
    const low = pairs.filter(([ink, ground, least]) => {
      const wanted = name === 'sun' && least === 4.5 ? 7 : least;
      return contrast(theme.get(ink) ?? '#808080', theme.get(ground) ?? '#808080') < wanted;
    });
    expect(low).toEqual([]);
  });
}

test('colours stand in the tokens alone', () => {
  const raw = Object.entries(sources)
    .filter(([path]) => !path.endsWith('tokens.css') && !path.includes('/generated/'))
    .flatMap(([path, text]) =>
      [...text.matchAll(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/gi)].map((hit) => `${path}: ${hit[0]}`),
    )
    .filter((hit) => !/: #(each|key|if)/.test(hit));
  expect(raw).toEqual([]);
});

test('no component is longer than 150 lines', () => {
  const long = Object.entries(sources).filter(
    ([path, text]) => path.endsWith('.svelte') && text.split('\n').length > 151,
  );
  expect(long.map(([path]) => path)).toEqual([]);
});

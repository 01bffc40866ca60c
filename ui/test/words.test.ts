// Every message used exists, every message that exists is used, and problems are worded.
import { expect, test } from 'vitest';
import { useFormat } from '../src/shared/format';
import problemSource from '../src/locale/en/problem.ftl?raw';
import { english, speakEnglish } from '../src/locale/english';
import { messageOf, problemText, roleName, t } from '../src/shared/translate';

const sources: Record<string, string> = import.meta.glob('../src/**/*.{ts,svelte}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const code = Object.entries(sources)
  .filter(([path]) => !path.includes('/generated/'))
  .map(([, text]) => text)
  .join('\n');
const idsOf = (ftl: string) => [...ftl.matchAll(/^([a-zA-Z][\w-]*) =/gm)].map((match) => match[1] ?? '');
const ids = english.flatMap(idsOf);
const problems = new Set(idsOf(problemSource));

test('every message a screen names exists', () => {
  const named = [...code.matchAll(/\bt\(\s*'([\w-]+)'/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

test('every message is named by a screen, a problem or a role', () => {
  const unused = ids.filter(
    (id) => !problems.has(id) && !/^(role|asset-status)-/.test(id) && !code.includes(`'${id}'`),
  );
  expect(unused).toEqual([]);
});

test('no message is written twice', () => {
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('a problem is worded and an unknown one keeps its code', () => {
  speakEnglish();
  expect(messageOf('step.value_missing')).toBe('step-value_missing');
  expect(problemText({ code: 'step.value_missing', arguments: [] })).toBe('Enter a value.');
  expect(problemText({ code: 'no.such', arguments: [] })).toContain('no.such');
  expect(roleName('planner')).toBe('The planner');
});

test('a problem words its counts, times and outside systems', () => {
  speakEnglish();
  useFormat({ timeZone: 'Europe/Berlin' });
  const told = (code: string, name: string, value: string) =>
    problemText({ code, arguments: [{ name, value }] });
  expect(told('sign_in.locked', 'until', String(Date.UTC(2015, 4, 6, 7)))).toContain('2015 09:00');
  expect(told('pin.wrong', 'left', '1')).toContain('One try is left');
  expect(told('erp.stock_short', 'message', 'Bin C-14 holds 1 EA')).toMatch(
    /^ERP did not take it over: Bin C-14 holds 1 EA/,
  );
});

test('the four words never vary', () => {
  speakEnglish();
  expect([
    t('change-saved'),
    t('change-sent'),
    t('change-accepted', { system: 'ERP' }),
    t('change-attention'),
  ]).toEqual(['Saved on this laptop', 'Sent', 'Accepted by ERP', 'Needs attention']);
  const all = english.join('\n').toLowerCase();
  for (const word of ['synced', 'syncing', 'success', 'failed', 'pending', 'queue']) {
    const texts = all.split('\n').filter((line) => line.split('=').slice(1).join('=').includes(word));
    expect(texts, word).toEqual([]);
  }
});

test('one thing has one name', () => {
  const wrong: Record<string, string> = {
    'order or work order': 'ticket|job(?! plan)|task card|workorder',
    asset: 'equipment|machine',
    'item or part': 'material|article|component',
    storeroom: 'warehouse|depot',
    vendor: 'supplier',
    labour: 'timesheet|working time',
    laptop: 'device|terminal',
    hub: 'server|backend|cloud',
    person: 'user|employee|worker',
    exchange: 'upload|download|replicate|synchroni[sz]e',
  };
  const texts = english.flatMap((source) =>
    source.split('\n').map((line) => line.replace(/^[\w-]+ =/, '').replace(/\{[^}]*\}/g, '')),
  );
  for (const [right, words] of Object.entries(wrong)) {
    const pattern = new RegExp(`\\b(${words})s?\\b`, 'i');
    expect(
      texts.filter((text) => !text.startsWith('#') && pattern.test(text)),
      right,
    ).toEqual([]);
  }
});

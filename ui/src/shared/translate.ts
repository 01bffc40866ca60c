// All words of the screens come from Fluent; a screen names a message and its arguments.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { moment } from './format';

export type Words = Record<string, FluentVariable>;

let bundle = new FluentBundle('en-GB', { useIsolating: false });

/** Sets the language and its messages. */
export function useLanguage(locale: string, sources: string[]): void {
  bundle = new FluentBundle(locale, { useIsolating: false });
  for (const source of sources) bundle.addResource(new FluentResource(source));
}

export function hasMessage(id: string): boolean {
  return bundle.hasMessage(id);
}

/** The message in the current language; a missing one shows its id so that it is noticed. */
export function t(id: string, words: Words = {}): string {
  const message = bundle.getMessage(id);
  if (!message?.value) return id;
  return bundle.formatPattern(message.value, words, []);
}

/** Message id of a problem code: dots become dashes. */
export function messageOf(code: string): string {
  return code.replaceAll('.', '-');
}

type Told = { name: string; value: string };

const WHOLE_NUMBER = /^\d{1,9}$/;
/** UTC milliseconds as text, of any day after September 2001. */
const UTC_MS = /^\d{13}$/;

/** An argument as people read it: a time in the plant's zone, a count that picks the plural. */
function worded(value: string): FluentVariable {
  if (UTC_MS.test(value)) return moment(Number(value));
  return WHOLE_NUMBER.test(value) && String(Number(value)) === value ? Number(value) : value;
}

/** What an outside system said, under its own code; the system's name is in the code. */
function outsideText(code: string, words: Words): string {
  const system = code.startsWith('erp.') ? 'ERP' : 'CMMS';
  const named = { system, code: String(words['code'] ?? code) };
  const message = words['message'];
  return message === undefined
    ? t('problem-outside-plain', named)
    : t('problem-outside', { ...named, message });
}

/** The sentence for a problem; an unknown code gives a general sentence with the code. */
export function problemText(problem: { code: string; arguments: Told[] }): string {
  const words = Object.fromEntries(problem.arguments.map((told) => [told.name, worded(told.value)]));
  const id = messageOf(problem.code);
  if (hasMessage(id)) return t(id, words);
  if (/^(erp|cmms)\./.test(problem.code)) return outsideText(problem.code, words);
  return t('problem-unknown', { code: problem.code });
}

/** The name of a role, or the role itself where no message names it. */
export function roleName(owner: string): string {
  const id = `role-${owner}`;
  return hasMessage(id) ? t(id) : owner;
}

// All words of the screens come from Fluent; a screen names a message and its arguments.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

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

/** The sentence for a problem; an unknown code gives a general sentence with the code. */
export function problemText(problem: { code: string; arguments: { name: string; value: string }[] }): string {
  const id = messageOf(problem.code);
  if (!hasMessage(id)) return t('problem-unknown', { code: problem.code });
  return t(id, Object.fromEntries(problem.arguments.map((argument) => [argument.name, argument.value])));
}

/** The name of a role, or the role itself where no message names it. */
export function roleName(owner: string): string {
  const id = `role-${owner}`;
  return hasMessage(id) ? t(id) : owner;
}

import { aboutText } from '../case/case_words';
import type { UnsentKind, UnsentView } from '../generated/bindings';
import type { Glyph } from '../shared/Icon.svelte';
import { t } from '../shared/translate';

export const unsentGlyph: Record<UnsentKind, Glyph> = {
  step: 'check',
  note: 'note',
  labour: 'clock',
  part: 'part',
  failure_report: 'alert',
  transition: 'work',
  case: 'alert',
  photo: 'photo',
  plan: 'note',
};

export const unsentWord: Record<UnsentKind, string> = {
  step: 'unsent-kind-step',
  note: 'unsent-kind-note',
  labour: 'unsent-kind-labour',
  part: 'unsent-kind-part',
  failure_report: 'unsent-kind-failure',
  transition: 'unsent-kind-transition',
  case: 'unsent-kind-case',
  photo: 'unsent-kind-photo',
  plan: 'unsent-kind-plan',
};

/** What a row says: its own words, of a decision the name of what was decided, of a case its subject. */
export function unsentText(row: UnsentView): string {
  if (row.about) return aboutText(row.about);
  return row.kind === 'case' ? t(`case-action-${row.text}`) : row.text;
}

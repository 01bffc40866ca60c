import type { UnsentKind } from '../generated/bindings';
import type { Glyph } from '../shared/Icon.svelte';

export const unsentGlyph: Record<UnsentKind, Glyph> = {
  step: 'check',
  note: 'note',
  labour: 'clock',
  part: 'part',
  transition: 'work',
};

export const unsentWord: Record<UnsentKind, string> = {
  step: 'unsent-kind-step',
  note: 'unsent-kind-note',
  labour: 'unsent-kind-labour',
  part: 'unsent-kind-part',
  transition: 'unsent-kind-transition',
};

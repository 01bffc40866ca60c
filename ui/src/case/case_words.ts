// Exceptions in words: what a case is about, how old it is, what happened and what may be done.
import type {
  BlockedView,
  CaseEventKind,
  CaseEventView,
  CaseKind,
  CaseRowView,
  CaseView,
  ProblemView,
} from '../generated/bindings';
import { duration, moment } from '../shared/format';
import type { Glyph } from '../shared/Icon.svelte';
import { problemText, t } from '../shared/translate';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const caseGlyph: Record<CaseKind, Glyph> = {
  labour: 'clock',
  part: 'part',
  status: 'work',
  race: 'split',
  entry: 'note',
  step: 'split',
  field: 'split',
  kept_aside: 'shield',
};

export function aboutText(about: BlockedView & { by?: string }): string {
  const text = about.text;
  if (about.kind === 'labour') {
    if (about.minutes === null) return t('case-labour-unknown');
    return t('case-labour', { duration: duration(about.minutes * MINUTE_MS), by: text });
  }
  if (about.kind === 'part') return t('case-part', { text });
  if (about.kind === 'status') return text ? t('case-status', { text }) : t('case-status-unknown');
  if (about.kind === 'race') return text ? t('case-race', { text }) : t('case-race-unknown');
  if (about.kind === 'step') return t('case-step', { text });
  if (about.kind === 'field') return t('case-field', { text });
  return about.kind === 'entry' ? t('case-entry') : t('case-kept-aside');
}

/** The cause of a group in few words: what the outside said, else its code, else the sentence. */
export function causeText(cause: ProblemView): string {
  if (cause.code === 'order.status_changed_meanwhile') return t('case-cause-race');
  if (cause.code !== 'effect.refused') return problemText(cause);
  const told = (name: string) => cause.arguments.find((argument) => argument.name === name)?.value ?? '';
  const said = told('message') || told('code');
  return t('case-cause', { outside: told('outside'), said });
}

/** How long ago: `12 min`, `16 h`, `3 d`. */
export function age(since: number, now: number = Date.now()): string {
  const lasted = Math.max(0, now - since);
  if (lasted < HOUR_MS) return t('case-age-minutes', { count: Math.floor(lasted / MINUTE_MS) });
  if (lasted < 2 * DAY_MS) return t('case-age-hours', { count: Math.floor(lasted / HOUR_MS) });
  return t('case-age-days', { count: Math.floor(lasted / DAY_MS) });
}

export function dueText(due: number, isOverdue: boolean): string {
  return t(isOverdue ? 'case-overdue-since' : 'case-due-at', { time: moment(due) });
}

/** Where a case is, when that is more than its role having it. */
export function stageText(row: CaseRowView): string | null {
  if (row.stage === 'sent_again') return t('case-stage-sent-again');
  if (row.stage === 'settled') return t('case-stage-settled');
  if (row.stage === 'dropped') return t('case-stage-dropped');
  return row.holder ? t('case-stage-taken', { holder: row.holder }) : null;
}

export const eventGlyph: Record<CaseEventKind, Glyph> = {
  made: 'wrench',
  opened: 'cross',
  taken: 'users',
  sent_again: 'up',
  again: 'cross',
  posted: 'checks',
  discarded: 'cross',
  accepted: 'check',
  rejected: 'cross',
  overtaken: 'check',
};

export function eventText(view: CaseView, event: CaseEventView): string {
  const system = view.system ?? '';
  const words: Record<CaseEventKind, string> = {
    made: t('case-event-made'),
    opened: view.code === null ? t('case-event-opened') : t('case-event-refused', { system }),
    taken: t('case-event-taken'),
    sent_again: t('case-event-sent-again'),
    again: t('case-event-again', { system }),
    posted: t('case-event-posted', { system }),
    discarded: t('case-event-discarded'),
    accepted: t('case-event-accepted'),
    rejected: t('case-event-rejected'),
    overtaken: t('case-event-overtaken'),
  };
  const said = words[event.kind];
  return event.by ? t('case-event-by', { event: said, by: event.by }) : said;
}

/** What a person may do about a case; `fix` sends everything of one cause again. */
export type Action = 'take' | 'replay' | 'accept' | 'reject' | 'discard' | 'fix';

export const actionWord: Record<Action, string> = {
  take: 'case-action-take',
  replay: 'case-action-replay',
  accept: 'case-action-accept',
  reject: 'case-action-reject',
  discard: 'case-action-discard',
  fix: 'case-action-fix',
};

export const actionMore: Record<Action, string> = {
  take: 'case-take-more',
  replay: 'case-replay-more',
  accept: 'case-accept-more',
  reject: 'case-reject-more',
  discard: 'case-discard-more',
  fix: 'case-fix-more',
};

export function needsReason(action: Action): boolean {
  return action === 'reject' || action === 'discard';
}

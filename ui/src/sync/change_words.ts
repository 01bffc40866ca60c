// The four states of a change in their words and glyphs; the words never vary.
import type { ChangeState, ChangeView, DiskView, LinkState, LinkView } from '../generated/bindings';
import { time, moment } from '../shared/format';
import type { Glyph } from '../shared/Icon.svelte';
import { problemText, roleName, t } from '../shared/translate';

export type Tone = 'ok' | 'info' | 'warn' | 'bad';

export const changeTone: Record<ChangeState, Tone> = {
  saved: 'warn',
  sent: 'info',
  accepted: 'ok',
  attention: 'bad',
};
export const changeGlyph: Record<ChangeState, Glyph> = {
  saved: 'laptop',
  sent: 'up',
  accepted: 'checks',
  attention: 'alert',
};

export function changeText(change: ChangeView): string {
  if (change.state === 'saved') return t('change-saved');
  if (change.state === 'sent') return t('change-sent');
  if (change.state === 'attention') return t('change-attention');
  const system = change.system ?? '';
  return change.number
    ? t('change-accepted-number', { system, number: change.number })
    : t('change-accepted', { system });
}

/** Why a change needs attention and who has it, or how it ended where it was given up. */
export function attentionText(change: ChangeView): string | null {
  const reason = change.reason ? problemText(change.reason) : null;
  if (change.state !== 'attention') return reason;
  const owner = change.holder ?? (change.owner ? roleName(change.owner) : null);
  if (owner && reason && change.due !== null)
    return t('change-attention-due', { reason, owner, due: moment(change.due) });
  if (owner && reason) return t('change-attention-more', { reason, owner });
  return owner ? t('change-attention-owner', { owner }) : reason;
}

export const linkGlyph: Record<LinkState, Glyph> = {
  up_to_date: 'wifi',
  exchanging: 'exchange',
  no_connection: 'off',
  refused: 'shield',
};

/** Exchanging stopped because nobody who may is signed in at the hub any more; a colleague may be. */
export function asksToSignIn(link: LinkView): boolean {
  const code = link.state === 'refused' ? link.reason?.code : null;
  return code === 'sign_in.expired' || code === 'sign_in.disabled';
}

/** The hub is closed to this laptop, so its work goes as a file. */
export function asksForFile(link: LinkView): boolean {
  return link.state === 'refused' && link.reason?.code === 'device.revoked' && link.unsent > 0;
}

export function linkText(link: LinkView): string {
  if (link.disk) return t('disk-title');
  const since = moment(link.since);
  if (link.state === 'up_to_date') return t('pill-up-to-date');
  if (link.state === 'exchanging') return t('pill-exchanging');
  if (link.state === 'no_connection') return t('pill-no-connection', { time: since });
  return asksToSignIn(link) ? t('pill-sign-in') : t('pill-refused');
}

/** What to free, and whether the next save still has room for certain. */
export function diskText(disk: DiskView): string {
  const sizes = { free: disk.free_mb, needed: disk.needed_mb };
  return disk.has_reserve ? t('disk-tight', sizes) : t('disk-full', sizes);
}

export function linkMore(link: LinkView): string {
  if (link.disk) return diskText(link.disk);
  if (link.attention > 0) return t('pill-attention', { count: link.attention });
  if (link.state === 'refused' && link.reason) return problemText(link.reason);
  if (link.unsent > 0) return t('pill-saved', { count: link.unsent });
  if (link.last_exchange !== null) return t('pill-last-exchange', { time: time(link.last_exchange) });
  return t('pill-nothing-waits');
}

/** Quiet when healthy; amber when work waits without a link, red only where somebody must act. */
export function linkTone(link: LinkView): 'quiet' | 'warn' | 'bad' {
  if (link.disk || link.attention > 0 || link.state === 'refused') return 'bad';
  return link.is_raised || (link.state === 'no_connection' && link.unsent > 0) ? 'warn' : 'quiet';
}

// Small readings of an order's view that several components share; nothing is decided here.
import type { ChoiceKind, OrderView, ResultView, StepView, WorkGroup } from '../generated/bindings';
import { decimal, quantity } from '../shared/format';
import { t } from '../shared/translate';

export const groupWord: Record<WorkGroup, string> = {
  in_progress: 'group-in-progress',
  next: 'group-next',
  on_hold: 'group-on-hold',
  waiting_for_parts: 'group-waiting',
  finished: 'group-finished',
};

/** Height of a row of a list of orders, in pixels, by density. */
export const rowHeights: Record<string, number> = { desk: 92, touch: 96, glove: 100 };

export function allSteps(order: OrderView): StepView[] {
  return order.tasks.flatMap((task) => task.steps);
}

/** The step the next press of `C` is about: the chosen one, or the first open one. */
export function currentStep(order: OrderView, chosenId: string | null): StepView | null {
  const steps = allSteps(order);
  return steps.find((step) => step.id === chosenId) ?? steps.find((step) => !step.is_done) ?? null;
}

export function limitText(step: StepView): string | null {
  const lower = step.lower === null ? null : decimal(step.lower);
  const upper = step.upper === null ? null : quantity(step.upper, step.unit);
  if (lower !== null && upper !== null) return t('limit-both', { lower, upper });
  if (upper !== null) return t('limit-upper', { upper });
  return step.lower === null ? null : t('limit-lower', { lower: quantity(step.lower, step.unit) });
}

export function resultText(step: StepView, result: ResultView): string | null {
  return result.value === null ? result.text : quantity(result.value, step.unit);
}

/** Who disagrees about what. */
export function clashText(step: StepView): string {
  const names = [...new Set(step.results.map((result) => (result.is_mine ? t('you') : result.by)))];
  const isReading = step.kind === 'value' ? 'yes' : 'no';
  const [one, other] = names;
  if (one === undefined || other === undefined) return t('versions-one-person', { isReading });
  if (names.length > 2) return t('versions-many', { isReading, count: names.length });
  return t('versions-two', { isReading, one, other });
}

/** Where a version was recorded and what the limit says to it. */
export function versionText(step: StepView, result: ResultView): string {
  const { laptop } = result;
  if (step.kind !== 'value') return t('result-on', { laptop });
  if (result.beyond === 'upper' && step.upper !== null)
    return t('result-above', { laptop, limit: quantity(step.upper, step.unit) });
  if (result.beyond === 'lower' && step.lower !== null)
    return t('result-below', { laptop, limit: quantity(step.lower, step.unit) });
  return t('result-inside', { laptop });
}

export const choiceWord: Record<ChoiceKind, string> = {
  keep_both: 'choice-keep-both',
  use: 'choice-use',
  set_aside: 'choice-set-aside',
  ask: 'choice-ask',
};

export const STEPS_SHOWN = 30;

/** Which steps are in the document: at most thirty, starting a few before the current one. */
export function stepWindow(total: number, from: number): { first: number; last: number } {
  const first = Math.max(0, Math.min(from, total - STEPS_SHOWN));
  return { first, last: Math.min(total, first + STEPS_SHOWN) };
}

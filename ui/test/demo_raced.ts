// An order that waits for others: a race, a note the hub keeps aside, steps the CMMS removed.
import type { OrderView } from '../src/generated/bindings';
import { demoChange, demoOrder, demoOther, demoResult, demoRow, plainRow, step } from './demo_world';

const HOUR_MS = 3_600_000;

export const NOTE = [
  'Bearing cover was off when I came, bolts on the floor beside the pump.',
  'Shaft turns by hand. No play to be felt, but the inner ring is blue over a third of its width, so it ran hot for a while.',
  'Oil is dark. I filled it up and marked the level. Look at it again after the first hour.',
].join('\n\n');

/** An order on which two people claimed the status at once, with a note the hub keeps aside. */
export function demoRaced(): OrderView {
  const now = Date.now();
  const race = demoChange({
    state: 'attention',
    owner: 'planner',
    holder: 'A. Brandt',
    due: now + 4 * HOUR_MS,
    reason: {
      code: 'order.status_changed_meanwhile',
      arguments: [
        { name: 'from', value: 'INPRG' },
        { name: 'to', value: 'COMP' },
        { name: 'now', value: 'HOLD' },
      ],
    },
  });
  const tooLarge = { code: 'document.too_large', arguments: [{ name: 'limit', value: '1000000' }] };
  const kept = {
    ...plainRow,
    kind: 'note' as const,
    text: `${NOTE.slice(0, 117).replaceAll('\n', ' ')}…`,
    whole: NOTE,
    by: 'J. Kowalska',
  };
  const decided = {
    code: 'case.rejected',
    arguments: [
      { name: 'by', value: 'R. Sander' },
      { name: 'reason', value: 'Entered in the follow-up order' },
    ],
  };
  return demoOrder({
    row: demoRow({ attention: 2, status: 'HOLD' }),
    transition: race,
    removed_tasks: [
      {
        id: 't9',
        number: 30,
        text: 'Align the coupling',
        steps: [
          step('s21', 'Measure coupling gap', {
            kind: 'value',
            unit: 'mm',
            upper: '0.05',
            is_done: true,
            results: [demoResult({ value: '0.03' }), demoOther({ value: '0.07', is_pass: false })],
          }),
          step('s22', 'Grease the coupling', { is_done: true, results: [demoResult()] }),
        ],
      },
    ],
    unsent: [
      {
        ...plainRow,
        kind: 'case',
        text: '',
        about: { kind: 'race', text: 'COMP', minutes: null },
        by: 'M. Ode',
        change: race,
      },
      {
        ...kept,
        change: demoChange({
          state: 'attention',
          owner: 'administrator',
          due: now + 20 * HOUR_MS,
          reason: tooLarge,
        }),
      },
      { ...kept, change: demoChange({ state: 'sent', reason: decided }) },
    ],
  });
}

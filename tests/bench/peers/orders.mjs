// Work orders of about 2 kB for benchmarks: the same for every run and every contestant,
// no two alike.

const VERBS = 'inspect replace align tighten grease flush calibrate overhaul clean measure';
const PARTS =
  'bearing seal coupling shaft impeller gearbox belt idler liner bolt valve actuator gasket hose ' +
  'filter sensor breaker cable relay drain vent guard chain sprocket nozzle piston rod housing';
const SIGNS =
  'vibration leak noise heat wear play crack drift corrosion pressure flow level trip alarm dust ' +
  'misalignment looseness discharge backlash smell';
const GLUE = 'at on after before near under during with without beside';
const WORDS = [VERBS, PARTS, SIGNS, GLUE].flatMap((line) => line.split(' '));
const CRAFTS = ['mechanical', 'electrical', 'instrument', 'scaffold'];
const KINDS = ['corrective', 'preventive', 'predictive', 'inspection'];

/** Draws from the sequence of one seed (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit) => next() % limit;
  return {
    below,
    of: (list) => list[below(list.length)],
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
    words: (count) => Array.from({ length: count }, () => WORDS[below(WORDS.length)]).join(' '),
  };
}

const two = (number) => String(number).padStart(2, '0');

/**
 * The order with one number.
 * @param {number} index
 */
export function order(index) {
  const draw = dice(0xf377 + index);
  const day = `2026-${two(1 + draw.below(12))}-${two(1 + draw.below(28))}`;
  return {
    number: `WO-${4_000_000 + index}`,
    plant: String(1200 + 100 * draw.below(3)),
    asset: `${draw.of(PARTS.split(' ')).toUpperCase()}-${draw.digits(4)}`,
    kind: draw.of(KINDS),
    status: 'APPR',
    priority: 1 + draw.below(4),
    title: draw.words(6),
    description: draw.words(122),
    created: `${day}T${two(draw.below(24))}:${two(draw.below(60))}:00Z`,
    due: day,
    planner: `P${draw.digits(6)}`,
    assignee: `P${draw.digits(6)}`,
    crew: `CREW-${draw.below(20)}`,
    hours_planned: draw.below(400) / 10,
    hours_actual: 0,
    tasks: [10, 20, 30, 40].map((number) => ({
      number,
      text: draw.words(8),
      craft: draw.of(CRAFTS),
      hours: draw.below(80) / 10,
      is_done: false,
    })),
    parts: [1, 2, 3].map(() => ({
      item: draw.digits(10),
      text: draw.words(3),
      quantity: 1 + draw.below(9),
      unit: 'EA',
      bin: `${two(draw.below(100))}-${two(draw.below(100))}`,
    })),
  };
}

/** What device A changes in an order. */
export const STATUS_OF_A = 'INPRG';

/** What device B changes in another field of the same order. */
export const hoursOfB = (index) => (index % 9) + 0.5;

// A made-up history of an excavator, for pictures and component tests. It answers like the desk does.
import type {
  AssetHistoryView,
  HistoryPageView,
  HistoryRowView,
  TallyView,
  TreeLevelView,
  TreeNodeView,
} from '../src/generated/bindings';

const YEARS = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025];

const tally = (lines: number, cost: number | null): TallyView => ({
  lines,
  cost: cost === null ? null : cost.toFixed(2),
});

export function demoHistoryRow(n: number, over: Partial<HistoryRowView> = {}): HistoryRowView {
  const titles = [
    'Boom hose leaks at the swivel',
    'Replace wear edge',
    'Cab fan noisy',
    'Grease line broken',
  ];
  return {
    id: `h${n}`,
    day: `2025-09-${String(28 - n).padStart(2, '0')}`,
    title: titles[n % 4] ?? '',
    kind: 'CM1',
    named: [['Hydraulics', 'Bucket', 'Cab', 'Grease system'][n % 4] ?? ''],
    mode: n % 2 === 0 ? 'Leak' : null,
    cost: n % 3 === 0 ? null : String(420 * (n + 1)),
    is_repeated: false,
    ...over,
  };
}

function months(hasCosts: boolean) {
  return YEARS.flatMap((year) =>
    Array.from({ length: 12 }, (_, place) => place + 1)
      .filter((month) => year > 2018 || month > 4)
      .filter((month) => year < 2025 || month < 10)
      .map((month) => {
        const corrective = 4 + ((year * 7 + month * 5) % 17);
        const cost = 3_000 + ((year * 31 + month * 17) % 23) * 2_100 + (month === 6 ? 90_000 : 0);
        return {
          year,
          month,
          corrective,
          lines: corrective + (month % 3),
          cost: hasCosts ? cost.toFixed(2) : null,
        };
      }),
  );
}

/** What the page of the excavator EX-7 shows to a planner; without costs to everybody else. */
export function demoHistory(over: Partial<AssetHistoryView> = {}): AssetHistoryView {
  const hasCosts = over.costs !== 'not_yours';
  const cost = (amount: number) => (hasCosts ? amount : null);
  const actors: ['system' | 'part', string, number, number][] = [
    ['system', 'Hydraulics', 310, 812_400],
    ['system', 'Engine', 212, 655_000],
    ['system', 'Bucket', 188, 402_700],
    ['part', 'Grease system', 96, 101_300],
    ['part', 'Cab', 61, 38_900],
  ];
  const modes: [string | null, number, number][] = [
    ['Leak', 0, 210],
    ['Crack', 0, 121],
    ['Loose', 0, 64],
    [null, 7, 33],
    [null, 0, 559],
  ];
  let running = 0;
  return {
    asset_id: 'a7',
    is_once: false,
    costs: 'shown',
    currency: hasCosts ? 'EUR' : null,
    first: '2018-05-03',
    last: '2025-09-28',
    all: tally(987, cost(2_140_300)),
    lines_a_week: 2.55,
    types: [
      { kind: 'CM1', is_corrective: true, lines: 931 },
      { kind: 'PM1', is_corrective: false, lines: 56 },
    ],
    big: hasCosts ? tally(9, 730_000) : null,
    big_from: 50_000,
    without_cost: hasCosts ? 214 : null,
    negative: hasCosts ? 1 : null,
    in_other_currencies: 0,
    repeated: hasCosts ? tally(18, 41_250) : null,
    months: months(hasCosts),
    years: YEARS.map((year) => ({
      year,
      is_part: year === 2018 || year === 2025,
      all: tally(110 + (year % 5) * 9, cost(230_000 + (year % 7) * 21_000)),
    })),
    dearest: hasCosts
      ? [
          demoHistoryRow(20, { day: '2019-06-11', title: 'Replace slew ring', cost: '120400' }),
          demoHistoryRow(21, { day: '2021-06-20', title: 'Change out engine', cost: '188050' }),
          demoHistoryRow(22, { day: '2021-06-28', title: 'Rebuild boom cylinder, left', cost: '74200' }),
          demoHistoryRow(23, { day: '2025-06-02', title: 'Change out final drive', cost: '96900' }),
        ]
      : [],
    actors: {
      rows: actors.map(([kind, name, lines, amount]) => {
        running += amount;
        return {
          kind,
          name,
          all: tally(lines, cost(amount)),
          running: hasCosts ? running / 2_140_300 : null,
        };
      }),
      others: 12,
      rest: tally(120, cost(130_000)),
      by_part: 157,
    },
    modes: modes.map(([mode, together, lines]) => ({
      mode,
      together,
      lines,
      by_year: YEARS.map((year) => Math.round((lines / 8) * (0.6 + (year % 4) / 5))),
    })),
    systems: ['Hydraulics', 'Engine', 'Bucket'],
    gaps: {
      system: 'Hydraulics',
      lines: 204,
      days: 161,
      gaps: 160,
      mean: 16.8,
      median: 11,
      longest: 97,
      trend: 1.14,
      bars: [58, 36, 21, 16, 11, 7, 4, 3, 4].map((gaps, place) => ({
        from: place * 7 + 1,
        to: place === 8 ? null : place * 7 + 7,
        gaps,
        at_random:
          160 * (Math.exp((-7 * place) / 16.8) - (place === 8 ? 0 : Math.exp((-7 * place - 7) / 16.8))),
      })),
      years: YEARS.map((year) => ({ year, failures: 14 + (year % 6) * 3, days: year === 2018 ? 243 : 365 })),
    },
    parts: [
      ['Bucket teeth', 64, 18, 41_300],
      ['Hydraulic hose', 51, 22, 38_450],
      ['Filter', 33, 61, 9_100],
      ['Seal', 17, 120, 2_240],
      ['Lamp', 2, null, 310],
    ].map(([part, lines, every, amount]) => ({
      part: String(part),
      all: tally(Number(lines), cost(Number(amount))),
      every: every === null ? null : Number(every),
      last: '2025-08-14',
    })),
    parts_left: 3,
    recent_since: '2025-07-30',
    recent: 21,
    recent_without_cost: hasCosts ? 6 : null,
    last_rows: Array.from({ length: 10 }, (_, n) =>
      demoHistoryRow(n, hasCosts ? { is_repeated: n < 2 } : { cost: null }),
    ),
    fleet: [
      { id: 'a6', tag: 'EX-6', name: 'Excavator 6', lines: 402, amount: 988_000, years: 5.2 },
      { id: 'a7', tag: 'EX-7', name: 'Excavator 7', lines: 987, amount: 2_140_300, years: 7.4 },
    ].map(({ lines, amount, ...asset }) => ({
      ...asset,
      is_this: asset.id === 'a7',
      all: tally(lines, cost(amount)),
      cost_a_year: hasCosts ? (amount / asset.years).toFixed(2) : null,
    })),
    fleet_all: tally(1389, cost(3_128_300)),
    sources: [
      {
        file: 'excavators-2025.csv',
        lines: 980,
        read: 1395,
        refused: 1,
        repaired: 1,
        last: '2025-09-28',
        remarks: [{ line: 812, is_repaired: false, why: 'the cost is not a number' }],
      },
    ],
    from_cmms: 7,
    ...over,
  };
}

/** A page of the lines behind a figure. */
export function demoHistoryPage(after: string | null): HistoryPageView {
  const from = after === null ? 0 : 3;
  return {
    all: tally(6, 5_460),
    currency: 'EUR',
    rows: [0, 1, 2].map((n) => demoHistoryRow(from + n)),
    has_more: after === null,
  };
}

const node = (id: string, kind: TreeNodeView['kind'], code: string, name: string, has_below: boolean) => ({
  id,
  kind,
  code,
  name,
  has_below,
});

/** Levels of the tree by the id of their node; the topmost one under `top`. */
export const demoTree: Record<string, TreeLevelView> = {
  top: {
    nodes: [
      node('l1', 'location', '1200-H3', 'Hall 3', true),
      node('l2', 'location', '1200-PIT', 'Pit', true),
      node('a9', 'asset', 'CR-01', 'Workshop crane', false),
    ],
    is_cut: false,
  },
  l2: {
    nodes: [
      node('a6', 'asset', 'EX-6', 'Excavator 6', false),
      node('a7', 'asset', 'EX-7', 'Excavator 7', true),
    ],
    is_cut: false,
  },
  l1: { nodes: [node('a1', 'asset', 'P-204A', 'Feedwater pump', false)], is_cut: true },
  a7: { nodes: [node('a8', 'asset', 'EX-7-EN', 'Engine of excavator 7', false)], is_cut: false },
};

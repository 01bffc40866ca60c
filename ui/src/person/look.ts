// The order in which the two look buttons go round.

const themes = ['day', 'night', 'sun'];
const densities = ['desk', 'touch', 'glove'];

function after(list: string[], current: string): string {
  return list[(list.indexOf(current) + 1) % list.length] ?? current;
}

export const nextTheme = (theme: string): string => after(themes, theme);
export const nextDensity = (density: string): string => after(densities, density);

/** What the button says: it names what it does. */
export const themeWord: Record<string, string> = {
  day: 'theme-to-day',
  night: 'theme-to-night',
  sun: 'theme-to-sun',
};
export const densityWord: Record<string, string> = {
  desk: 'density-to-desk',
  touch: 'density-to-touch',
  glove: 'density-to-glove',
};

const significant = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 7, useGrouping: false });
const rate = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** Seven significant digits: what a 32-bit float can carry. */
export const formatValue = (value: unknown): string =>
  typeof value === 'number' ? significant.format(value) : String(value);

export const formatRate = (perSecond: number | null | undefined): string =>
  perSecond === null || perSecond === undefined ? '–' : (perSecond < 10 ? rate : whole).format(perSecond);

export const formatCount = (count: number | null | undefined): string =>
  count === null || count === undefined ? '–' : whole.format(count);

const symbols: [RegExp, string][] = [
  [/\bCel\b/, '°C'],
  [/\[degF\]/, '°F'],
  [/\bOhm\b/, 'Ω'],
  [/([a-z])2\b/, '$1²'],
  [/([a-z])3\b/, '$1³'],
];

/** A UCUM code as operators read it ("Cel" → "°C", "m3/h" → "m³/h"). */
export const formatUnit = (ucum: string | null | undefined): string =>
  symbols.reduce((unit, [code, symbol]) => unit.replace(code, symbol), ucum ?? '');

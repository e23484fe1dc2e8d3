import { describe, expect, it } from 'vitest';
import { lengthOf, windowPoint, windowRule } from './windows';

describe('windows', () => {
  it('says a length in the largest unit it is a whole number of', () => {
    expect([500, 1000, 1500, 60_000, 900_000, 3_600_000, 86_400_000].map(lengthOf)).toEqual([
      '500 ms',
      '1 s',
      '1500 ms',
      '1 min',
      '15 min',
      '1 h',
      '1 day',
    ]);
  });

  it('leaves out of a row what is not stated', () => {
    const point = windowPoint({ resolutionMs: 1000, worstCounted: 'SUSPECT' });
    expect(point).toEqual({ resolutionMs: 1000, worstCounted: 'SUSPECT' });
    expect(JSON.parse(JSON.stringify(windowRule(point)))).toEqual({
      resolutionMs: 1000,
      worstCounted: 'SUSPECT',
    });
  });
});

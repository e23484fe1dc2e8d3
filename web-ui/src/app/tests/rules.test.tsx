import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { establishedPlant } from '@/testing/plant';
import { openConsole } from '../testing';

test('the windows of a rule set are rows, and what a row leaves open stays open', async () => {
  const plant = establishedPlant();
  plant.ruleSets[0]!.aggregates = [
    { resolutionMs: 1000, worstCounted: 'SUSPECT' },
    { resolutionMs: 900_000, allowedLatenessMs: 10_000 },
  ];
  const { user, state } = openConsole('/rules/plant-rules', plant);

  expect(await screen.findByDisplayValue('900000')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Save' }));

  await waitFor(() => expect(state.writes).toEqual(['PUT /rules/plant-rules "1"']));
  expect(state.ruleSets[0]!.aggregates).toEqual([
    { resolutionMs: 1000, worstCounted: 'SUSPECT' },
    { resolutionMs: 900_000, allowedLatenessMs: 10_000 },
  ]);
});

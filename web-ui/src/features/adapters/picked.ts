import type { Point } from '@/components/point-table/points';

/** A node that was opened. */
export interface Branch {
  id: string;
  name: string;
}

/** The branches of a path that was typed, `/Press/Motor`: each is asked for by the path to it. An ampersand before a slash makes it part of a name. */
export function branches(path: string): Branch[] {
  const names = path
    .trim()
    .split(/(?<!&)\//)
    .filter((name) => name !== '');
  return names.map((name, depth) => ({
    id: `/${names.slice(0, depth + 1).join('/')}`,
    name: name.replaceAll(/&(.)/g, '$1'),
  }));
}

const placeOf = (point: Point) =>
  JSON.stringify(
    Object.entries(point)
      .filter(([key]) => key !== 'name')
      .sort(([a], [b]) => a.localeCompare(b)),
  );

/**
 * Picked points as new rows: those that the table has already are left out, and a name that is taken gets that of the
 * branch in front of it, then a number behind it.
 */
export function named(picked: { point: Point; below: Branch | undefined }[], points: Point[]): Point[] {
  const taken = new Set(points.map(({ name }) => name));
  // A row says more than where its value is found: it is the same one if all that was picked is in it.
  const has = (point: Point) =>
    points.some((row) =>
      Object.entries(point).every(
        ([key, value]) => key === 'name' || JSON.stringify(row[key]) === JSON.stringify(value),
      ),
    );
  const seen = new Set<string>();
  return picked.flatMap(({ point, below }) => {
    const place = placeOf(point);
    if (has(point) || seen.has(place)) return [];
    seen.add(place);
    const plain = String(point.name);
    const qualified = below ? `${below.name.replaceAll('/', '_')}.${plain}` : plain;
    let name = taken.has(plain) ? qualified : plain;
    for (let number = 2; taken.has(name); number++) name = `${qualified} ${number}`;
    taken.add(name);
    return [{ ...point, name }];
  });
}

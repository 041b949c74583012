// A whole number from −1000 to 1000, but not 0; null for anything else. Takes a typographic minus too.
export function readPoints(text: string): number | null {
  const plain = text.trim().replace("−", "-");
  if (!/^[+-]?\d{1,4}$/.test(plain)) return null;
  const points = Number(plain);
  return points !== 0 && Math.abs(points) <= 1000 ? points : null;
}

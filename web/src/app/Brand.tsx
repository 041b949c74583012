// The mark: a cube of galena, lit from above.
export function Brand({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path fill="#22748a" d="M16 2 28 9v14l-12 7L4 23V9z" />
      <path fill="#58aabd" d="M16 2 28 9l-12 7L4 9z" />
      <path fill="#164d5e" d="M16 16 28 9v14l-12 7z" />
    </svg>
  );
}

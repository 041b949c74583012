import type { LifecycleStage } from "../api/client";

// What the stage filter offers: the lifecycle's stages in their order, and the one that is chosen,
// which an old address may have from a lifecycle that was.
export function stageChoices(
  lifecycle: readonly LifecycleStage[] | undefined,
  chosen: string | undefined,
): string[] {
  const names = new Set(lifecycle?.map((stage) => stage.name));
  if (chosen) names.add(chosen);
  return [...names];
}

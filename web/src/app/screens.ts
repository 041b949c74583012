// THE TABLE OF SCREENS that the navigation shows, in its order. A screen's route is in routes.tsx.
import { type Icon, IconListNumbers } from "@tabler/icons-react";

export interface Screen {
  path: string;
  label: "screen.leads";
  icon: Icon;
}

export const screens: readonly Screen[] = [
  { path: "/leads", label: "screen.leads", icon: IconListNumbers },
];

// THE TABLE OF SCREENS that the navigation shows, in its order. A screen's route is in routes.tsx.
import { type Icon, IconLeads } from "../ui/icons";

export interface Screen {
  path: string;
  label: "screen.leads";
  icon: Icon;
}

export const screens: readonly Screen[] = [
  { path: "/leads", label: "screen.leads", icon: IconLeads },
];

// The design in numbers. Everything visual comes from here: theme.ts hands these to Mantine and, as
// `--g-…` variables, to our own style sheets.
import type { MantineColorsTuple } from "@mantine/core";

// The one accent: the blue-green of a mineral lamp on galena.
export const accent: MantineColorsTuple = [
  "#eef7f9",
  "#d9edf1",
  "#b3dbe4",
  "#86c5d3",
  "#58aabd",
  "#368ea4",
  "#22748a",
  "#1a5f73",
  "#164d5e",
  "#103a48",
];

export const gray: MantineColorsTuple = [
  "#f7f8f9",
  "#f1f3f5",
  "#e6e9ed",
  "#dbdfe4",
  "#8b949f",
  "#7a8490",
  "#59626d",
  "#444c56",
  "#2f363e",
  "#1c2126",
];

export const dark: MantineColorsTuple = [
  "#d8dce2",
  "#b4bbc5",
  "#9aa2ae",
  "#7b8592",
  "#69727e",
  "#2b3138",
  "#21262c",
  "#1a1e23",
  "#14171b",
  "#0e1013",
];

// Colours that depend on the scheme. Text on `surface` and `page` is at least 4.5 : 1.
export const light = {
  page: "#f6f7f8",
  surface: "#ffffff",
  hover: "#f1f4f6",
  line: "#e2e6ea",
  edge: "#cdd3d9",
  text: "#1c2126",
  muted: "#59626d",
  focus: "#22748a",
  accent: "#1a5f73",
  "accent-soft": "#e3f1f4",
  fit: "#1a5f73",
  interest: "#58aabd",
  good: "#1e6b3c",
  "good-soft": "#e4f3e9",
  bad: "#b3261e",
  "bad-soft": "#fbeceb",
  hot: "#b93c0d",
  warm: "#8a5a00",
  cold: "#59626d",
  track: "#e6e9ed",
};

export const night: typeof light = {
  page: "#14171b",
  surface: "#1a1e23",
  hover: "#21262c",
  line: "#2b3138",
  edge: "#3b434c",
  text: "#d8dce2",
  muted: "#9aa2ae",
  focus: "#58aabd",
  accent: "#86c5d3",
  "accent-soft": "#17343d",
  fit: "#58aabd",
  interest: "#b3dbe4",
  good: "#7cc796",
  "good-soft": "#17301f",
  bad: "#f2938c",
  "bad-soft": "#3a1f1d",
  hot: "#fb9a63",
  warm: "#e8b64c",
  cold: "#9aa2ae",
  track: "#2b3138",
};

// A scale of 1.2 around 14 px; `display` is the score on a lead's page.
export const type = {
  family:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif',
  mono: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
  xs: "0.75rem",
  sm: "0.8125rem",
  md: "0.875rem",
  lg: "1rem",
  xl: "1.25rem",
  display: "2.75rem",
};

export const space = {
  xs: "0.25rem",
  sm: "0.5rem",
  md: "0.75rem",
  lg: "1rem",
  xl: "1.5rem",
};

export const radius = { sm: "4px", md: "6px", lg: "10px" };

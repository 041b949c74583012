import { type CSSVariablesResolver, createTheme, type MantineThemeOverride } from "@mantine/core";
import { accent, dark, gray, light, night, radius, space, type } from "./tokens";

export const theme: MantineThemeOverride = createTheme({
  primaryColor: "accent",
  primaryShade: 6,
  colors: { accent, gray, dark },
  black: light.text,
  fontFamily: type.family,
  fontFamilyMonospace: type.mono,
  fontSizes: { xs: type.xs, sm: type.sm, md: type.md, lg: type.lg, xl: type.xl },
  spacing: space,
  radius,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
});

function variables(values: typeof light): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`--g-${name}`, value]));
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--g-display": type.display },
  light: {
    ...variables(light),
    "--mantine-color-dimmed": light.muted,
    "--mantine-color-default-border": light.edge,
    "--mantine-color-placeholder": light.muted,
    "--mantine-color-error": light.bad,
  },
  dark: {
    ...variables(night),
    "--mantine-color-body": night.surface,
    "--mantine-color-text": night.text,
    "--mantine-color-dimmed": night.muted,
    "--mantine-color-default-border": night.edge,
    "--mantine-color-placeholder": night.muted,
    "--mantine-color-error": night.bad,
  },
});

// The icons: lines of one width on a grid of 24, drawn for Galena. Decoration; a label stands beside
// each, or names the button.
import type { ComponentType } from "react";

interface IconProps {
  size?: number;
  className?: string;
}

export type Icon = ComponentType<IconProps>;

function icon(path: string): Icon {
  return function Drawn({ size = 16, className }: IconProps) {
    return (
      <svg
        className={className}
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
    );
  };
}

export const IconLeads = icon("M11 6h9M11 12h9M11 18h6M4 5l2-1v6M4 14h3l-3 5h3");
export const IconSignOut = icon("M14 8V5H5v14h9v-3M9 12h12M18 9l3 3-3 3");
export const IconSearch = icon("M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20");
export const IconCheck = icon("M5 12.5l4.5 4.5L19 7");
export const IconBack = icon("M19 12H5M11 6l-6 6 6 6");
export const IconUp = icon("M6 15l6-6 6 6");
export const IconDown = icon("M6 9l6 6 6-6");
export const IconPencil = icon("M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5");
export const IconEvent = icon("M13 3L5 14h6l-1 7 8-11h-6z");
export const IconCompany = icon("M5 20V4h9v16M14 9h5v11M3 20h18M8.5 8h2M8.5 12h2M8.5 16h2");
export const IconView = icon(
  "M2.5 12c2.5-4.5 5.7-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5s-7-2-9.5-6.5zM12 9.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5z",
);
export const IconLink = icon(
  "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
);
export const IconMail = icon("M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5");
export const IconPerson = icon(
  "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM4.5 20c.8-3.6 3.6-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
);

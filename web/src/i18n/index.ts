import { createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

export const i18n = createInstance();

// How numbers and times are written: as the user's own country does it, in the language of the screen.
export function locale(): string {
  const { language } = i18n;
  return navigator.languages.find((own) => own.split("-")[0] === language) ?? language;
}

void i18n.use(initReactI18next).init({
  resources: { en: { translation: en } },
  lng: "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false }, // React escapes
});

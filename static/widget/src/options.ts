// A site's wishes for one widget, as HTML attributes carry them.
import type { Json, Settings, Theme } from "./frames.ts";

/** Those that may change while the widget stands on the page. */
export const CHANGEABLE = ["theme", "color", "position", "launcher-title", "hide-launcher"];

export interface Look {
  theme: Theme;
  color: string;
  position: "left" | "right";
  launcherTitle: string;
  hasLauncher: boolean;
}

const DEFAULT_COLOUR = "#2f5bea";

/** What the page says goes before what the site's settings say. "auto" leaves it to the settings. */
export function lookOf(element: Element, settings: Settings | undefined): Look {
  const wish = (name: string) => {
    const value = element.getAttribute(name);
    return value === "auto" ? null : value;
  };
  return {
    theme: (wish("theme") as Theme | null) ?? settings?.theme ?? "auto",
    color: colourOr(DEFAULT_COLOUR, wish("color") ?? settings?.color),
    position: (wish("position") ?? settings?.position) === "left" ? "left" : "right",
    launcherTitle: wish("launcher-title") ?? settings?.launcher_title ?? "",
    hasLauncher: !["", "true"].includes(String(element.getAttribute("hide-launcher"))),
  };
}

/** Only `#rrggbb` reaches the style sheet. */
function colourOr(other: string, colour: string | undefined): string {
  return colour && /^#[0-9a-f]{6}$/i.test(colour) ? colour : other;
}

/** The `prefill` attribute holds a JSON object of values by path. */
export function prefillOf(element: Element): Record<string, Json> | undefined {
  const values = element.getAttribute("prefill");
  try {
    return values ? JSON.parse(values) : undefined;
  } catch {
    console.warn("chatsaas: prefill is not a JSON object, so it is left out.");
    return undefined;
  }
}

/** The page's wish, or else the browser's language. */
export function localeOf(element: Element): string {
  const locale = element.getAttribute("locale") ?? "auto";
  return locale === "auto" ? navigator.language : locale;
}

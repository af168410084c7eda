// The page's colours, as its style sheet has them now: light or dark.
export interface Colours {
  accent: string;
  ink: string;
  line: string;
  sheet: string;
  soft: string;
  kinds: string[];
}

// Told apart by people with any colour vision; after Okabe and Ito, darker or lighter by theme.
const LIGHT = ["#0b5f58", "#b4530a", "#3b5ba9", "#8a2f12", "#6b4f9e"];
const DARK = ["#7ed0c3", "#ffb366", "#9db8f2", "#ffc59f", "#c9b3f0"];

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    accent: read("accent"),
    ink: read("ink"),
    line: read("line"),
    sheet: read("sheet"),
    soft: read("soft"),
    kinds: isDark ? DARK : LIGHT,
  };
}

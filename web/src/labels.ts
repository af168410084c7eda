// Labels in the lines that there is room for: broken between words, and between Chinese characters.
const PART = /\p{Script=Han}[\p{Po}\p{Pe}\p{Pf}]*|[^\s\p{Script=Han}]+\s*|\s+/gu;
const pen = document.createElement("canvas").getContext("2d")!;

/** Break `text` into at most `lines` of `width` pixels, set as `box` is; what is more is left out. */
export function fold(text: string, width: number, lines: number, box: HTMLElement, size: number): string {
  pen.font = `${size}px ${getComputedStyle(box).fontFamily}`;
  const folded = [""];
  for (const part of text.match(PART) ?? []) {
    const line = folded.at(-1)! + part;
    if (folded.at(-1) && measure(line) > width) {
      if (folded.length === lines) return `${folded.join("\n").trimEnd()}…`;
      folded[folded.length - 1] = folded.at(-1)!.trimEnd();
      folded.push(part);
    } else {
      folded[folded.length - 1] = line;
    }
  }
  return folded.join("\n");
}

function measure(text: string): number {
  return pen.measureText(text.trimEnd()).width;
}

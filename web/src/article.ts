// A fact shows its words in the sentence, and words the facts that they stand for.
function light(passage: Element, keys: string[], isLit: boolean): void {
  for (const each of passage.querySelectorAll<HTMLElement>("[data-of]")) {
    const own = each.dataset["of"]!.split(" ");
    each.classList.toggle("lit", isLit && own.some((key) => keys.includes(key)));
  }
}

function follow(event: Event, isLit: boolean): void {
  const over = (event.target as Element).closest?.<HTMLElement>("[data-of]");
  const passage = over?.closest(".passage");
  if (over && passage) light(passage, over.dataset["of"]!.split(" "), isLit);
}

for (const [on, off] of [
  ["mouseover", "mouseout"],
  ["focusin", "focusout"],
] as const) {
  document.addEventListener(on, (event) => follow(event, true));
  document.addEventListener(off, (event) => follow(event, false));
}

// On a phone the text comes first: the facts of a sentence are a tap away.
if (matchMedia("(max-width: 56rem)").matches) {
  for (const each of document.querySelectorAll<HTMLDetailsElement>(".says details")) {
    each.open = false;
  }
}

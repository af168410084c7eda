// The home page: questions that have every word typed stay, in either language.
export function filterQuestions(): void {
  const field = document.querySelector<HTMLInputElement>("#filter");
  const none = document.querySelector<HTMLElement>(".filter .none");
  if (!field || !none) return;
  field.closest<HTMLElement>(".filter")!.hidden = false;
  const items = [...document.querySelectorAll<HTMLElement>(".topic li")];
  const topics = [...document.querySelectorAll<HTMLElement>(".topic")];
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) {
      const text = `${item.dataset["words"]} ${item.textContent}`.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
    for (const topic of topics) topic.hidden = !topic.querySelector("li:not([hidden])");
    none.hidden = items.some((item) => !item.hidden);
  });
}

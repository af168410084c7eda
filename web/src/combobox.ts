// A field that offers names as one types: hanzi, pinyin, English or code, from /complete.
// Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ (list autocomplete, manual selection)
import { language, say } from "./language";

interface Offer {
  curie: string;
  label: string;
  name: string;
}

const WAIT_MS = 120;

export function addCombobox(input: HTMLInputElement): void {
  new Combobox(input);
}

class Combobox {
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("span");
  private offers: Offer[] = [];
  private active = -1;
  private timer = 0;
  private asked = "";

  constructor(private readonly input: HTMLInputElement) {
    input.removeAttribute("list");
    this.list.className = "options";
    this.list.id = `options-${input.name}`;
    this.list.role = "listbox";
    this.list.ariaLabel = input.ariaLabel;
    this.list.hidden = true;
    this.status.className = "unseen";
    this.status.role = "status";
    input.after(this.list, this.status);
    input.role = "combobox";
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.later());
    input.addEventListener("focus", () => {
      input.select();
      void this.ask("");
    });
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const item = (event.target as Element).closest("li");
      if (item) this.take([...this.list.children].indexOf(item));
    });
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(this.input.value), WAIT_MS);
  }

  private async ask(text: string): Promise<void> {
    this.asked = text;
    const given = new URLSearchParams({
      type: this.input.dataset["type"] ?? "",
      q: text,
      _lang: language,
    });
    try {
      const response = await fetch(`/complete?${given}`);
      if (!response.ok || this.asked !== text) return;
      this.show((await response.json()) as Offer[]);
    } catch {
      this.close();
    }
  }

  private show(offers: Offer[]): void {
    if (document.activeElement !== this.input) return;
    this.offers = offers;
    this.list.replaceChildren(...offers.map((offer, index) => this.write(offer, index)));
    this.list.hidden = !offers.length;
    this.input.setAttribute("aria-expanded", String(!!offers.length));
    this.status.textContent = say("options", String(offers.length));
    this.mark(-1);
  }

  private write(offer: Offer, index: number): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.role = "option";
    item.ariaSelected = "false";
    item.textContent = offer.label;
    if (offer.name !== offer.label) {
      const small = document.createElement("small");
      small.textContent = offer.name;
      item.append(" ", small);
    }
    return item;
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((item, at) => (item.ariaSelected = String(at === index)));
    const item = this.list.children[index];
    if (item) {
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private press(event: KeyboardEvent): void {
    const count = this.offers.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) void this.ask(this.input.value);
      else if (event.key === "ArrowDown") this.mark((this.active + 1) % count);
      else this.mark((this.active <= 0 ? count : this.active) - 1);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.take(this.active);
    } else if (event.key === "Escape") this.close();
  }

  private take(index: number): void {
    const offer = this.offers[index];
    if (!offer) return;
    // A label that several things have would be asked back: then the CURIE says which.
    const alike = this.offers.filter((each) => each.label === offer.label);
    this.input.value = alike.length > 1 ? offer.curie : offer.label;
    this.close();
    const form = this.input.form;
    if (form?.checkValidity()) form.requestSubmit();
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked = "\0";
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
  }
}

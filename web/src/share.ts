// The link to an answer: whole, and copied at a click.
import { say } from "./language";

export function shareAnswer(): void {
  const field = document.querySelector<HTMLInputElement>("#share");
  if (!field) return;
  field.value = new URL(field.value, location.href).href;
  field.addEventListener("focus", () => field.select());
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = say("copy");
  button.addEventListener("click", async () => {
    field.select();
    // Without a secure context there is no clipboard: the field is selected, and Ctrl-C copies.
    await navigator.clipboard?.writeText(field.value);
    button.textContent = say("copied");
    setTimeout(() => (button.textContent = say("copy")), 2000);
  });
  field.after(button);
}

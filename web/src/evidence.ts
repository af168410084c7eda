// A cell opens its row's evidence below it. Its link leads to the same page with the evidence in
// it, so that is fetched, and the part that is wanted taken out of it.
import { say } from "./language";

export function openEvidence(): void {
  document.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a.why, .evidence a.close");
    if (!link) return;
    const row = findRow(link);
    if (!row) return;
    event.preventDefault();
    if (link.matches(".close") || row.classList.contains("open")) close(true);
    else void open(link, row);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
}

function findRow(link: HTMLAnchorElement): HTMLTableRowElement | null {
  const url = new URL(link.href);
  const number = link.matches(".close")
    ? url.hash.replace("#row-", "")
    : url.searchParams.get("_why");
  return document.querySelector<HTMLTableRowElement>(`#row-${CSS.escape(number ?? "")}`);
}

async function open(link: HTMLAnchorElement, row: HTMLTableRowElement): Promise<void> {
  link.setAttribute("aria-busy", "true");
  const section = await fetchEvidence(link.href);
  link.removeAttribute("aria-busy");
  close(false);
  const below = document.createElement("tr");
  below.className = "reasons";
  const cell = below.insertCell();
  cell.colSpan = row.cells.length;
  cell.append(section);
  row.after(below);
  row.classList.add("open");
  opener = link;
  history.replaceState(null, "", link.href.replace(/#.*/, ""));
  section.focus({ preventScroll: true });
  below.scrollIntoView({ block: "nearest" });
}

let opener: HTMLAnchorElement | null = null;

function close(isFocused: boolean): void {
  const below = document.querySelector("tr.reasons");
  if (!below) return;
  document.querySelector("tr.open")?.classList.remove("open");
  const back = below.querySelector<HTMLAnchorElement>("a.close");
  if (back) history.replaceState(null, "", back.href.replace(/#.*/, ""));
  const above = below.previousElementSibling?.querySelector<HTMLAnchorElement>("a.why") ?? null;
  below.remove();
  if (isFocused) (opener ?? above)?.focus();
  opener = null;
}

async function fetchEvidence(href: string): Promise<HTMLElement> {
  try {
    const response = await fetch(href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector<HTMLElement>("#why");
    if (found) return document.adoptNode(found);
  } catch {
    // Told below.
  }
  const section = document.createElement("section");
  section.id = "why";
  section.className = "evidence";
  section.tabIndex = -1;
  section.textContent = say("failed");
  return section;
}

// Tables whose rows are put in order by a click on a column's heading.
import { language, say } from "./language";

const collator = new Intl.Collator(language, { numeric: true });

export function sortTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table.answer-table")) {
    const headings = [...table.tHead!.rows[0]!.cells];
    headings.forEach((heading, column) => addButton(table, headings, heading, column));
  }
}

function addButton(
  table: HTMLTableElement,
  headings: HTMLTableCellElement[],
  heading: HTMLTableCellElement,
  column: number,
): void {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = heading.textContent;
  button.title = `${say("sort")} ${heading.textContent}`;
  heading.replaceChildren(button);
  button.addEventListener("click", () => {
    const falling = heading.getAttribute("aria-sort") === "ascending";
    for (const each of headings) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
    sortRows(table.tBodies[0]!, column, falling ? -1 : 1);
  });
}

function sortRows(body: HTMLTableSectionElement, column: number, direction: number): void {
  // A row of evidence stays with the row above it.
  const groups: HTMLTableRowElement[][] = [];
  for (const row of body.rows) {
    if (row.classList.contains("reasons")) groups.at(-1)?.push(row);
    else groups.push([row]);
  }
  const key = (group: HTMLTableRowElement[]): string => {
    const cell = group[0]!.cells[column]!;
    return cell.dataset["key"] ?? cell.textContent!.trim();
  };
  groups.sort((a, b) => direction * compare(key(a), key(b)));
  body.append(...groups.flat());
}

function compare(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)];
  if (a && b && !Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return collator.compare(a, b);
}

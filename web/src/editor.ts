// The editor of /sparql: YASQE, YASGUI's, takes the plain field's place in its form, with the
// project's prefixes and terms to complete. A query is sent as the plain form sends it, so that its
// result comes with labels, links and evidence; nothing is asked of other servers.
import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";
import Yasqe from "@zazuko/yasqe";
import { say } from "./language";

interface Term {
  iri: string;
  curie: string;
  kind: string;
  label: string;
}

interface Data {
  prefixes: Record<string, string>;
  vocabulary: Term[];
}

const form = document.querySelector<HTMLFormElement>("form.sparql");
const field = document.querySelector<HTMLTextAreaElement>("#query");
const text = document.querySelector("#editor-data")?.textContent;
if (form && field && text) start(form, field, JSON.parse(text) as Data);

function start(form: HTMLFormElement, field: HTMLTextAreaElement, data: Data): void {
  offer("class", "aid-class", data.vocabulary.filter((term) => term.kind === "classes"));
  offer("property", "aid-property", data.vocabulary.filter((term) => term.kind === "properties"));
  const box = document.createElement("div");
  box.className = "editor";
  field.after(box);
  field.hidden = true;
  field.required = false;
  const options = {
    requestConfig: { endpoint: new URL("/sparql", location.href).href, method: "POST" },
    persistenceId: null,
    consumeShareLink: null,
    prefixCcApi: null,
    autocompleters: ["variables", "aid-class", "aid-property"],
    showQueryButton: false,
    resizeable: false,
    editorHeight: "20rem",
    createShareableLink: (yasqe: Yasqe) =>
      `${location.origin}/sparql?query=${encodeURIComponent(yasqe.getValue())}`,
    extraKeys: {
      ...(Yasqe.defaults as { extraKeys?: object }).extraKeys,
      "Ctrl-Space": () => editor.autocomplete(),
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
      // Tab leaves the field, as everywhere: who goes by keyboard must not be caught in it.
      Tab: false,
      "Shift-Tab": false,
    },
  };
  const editor = new Yasqe(box, options as object);
  editor.setValue(declare(field.value, data.prefixes));
  editor.getInputField().setAttribute("aria-label", say("editor"));
  // The buttons that float over the text do what the page does beside it.
  box.querySelector(".yasqe_buttons")?.remove();
  form.addEventListener("submit", () => (field.value = editor.getValue()));
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a.example")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      editor.setValue(declare(new URL(link.href).searchParams.get("query") ?? "", data.prefixes));
      form.scrollIntoView({ block: "start" });
      editor.focus();
    });
  }
}

/** Declare the prefixes that a query uses undeclared: the editor marks them as mistakes otherwise. */
function declare(query: string, prefixes: Record<string, string>): string {
  const missing = Object.entries(prefixes).filter(
    ([name]) =>
      new RegExp(`(^|[^\\w:<])${name}:`).test(query) &&
      !new RegExp(`PREFIX\\s+${name}:`, "i").test(query),
  );
  return missing.map(([name, space]) => `PREFIX ${name}: <${space}>\n`).join("") + query;
}

function offer(from: string, name: string, terms: Term[]): void {
  Yasqe.forkAutocompleter(from, {
    name,
    bulk: true,
    autoShow: false,
    persistenceId: null,
    get: () => terms.map((term) => term.iri),
  });
}

// What every page gains from scripts: each part looks for what it adds to, and leaves the rest alone.
import { addCombobox } from "./combobox";
import { openEvidence } from "./evidence";
import { filterQuestions } from "./filter";
import { shareAnswer } from "./share";
import { sortTables } from "./sorting";

for (const input of document.querySelectorAll<HTMLInputElement>("input[data-type]")) {
  addCombobox(input);
}
openEvidence();
filterQuestions();
shareAnswer();
sortTables();

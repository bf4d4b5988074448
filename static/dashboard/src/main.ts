// Everything the dashboard's own pages do in the browser, except the editor.
import { addSkipLink, makeReachable } from "./access.ts";
import { enableCopying } from "./copy.ts";
import { nameGroups, startAtMistake } from "./forms.ts";
import { enableTranscript } from "./transcript.ts";

document.addEventListener("DOMContentLoaded", () => {
  makeReachable(document.body);
  addSkipLink(document.body);
  nameGroups(document.body);
  startAtMistake(document.body);
  enableCopying(document.body);
  for (const page of document.querySelectorAll<HTMLElement>("[data-transcript]")) {
    enableTranscript(page);
  }
  const answer = document.querySelector<HTMLElement>("[data-address]");
  // This page answers a form: a reload shall show the list, not send the form again.
  if (answer?.dataset.address) history.replaceState(null, "", answer.dataset.address);
});

// Turns the text areas marked `data-json-editor` into JSON editors that keep the form's value.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { colours, frame } from "./colours.ts";

function extensions(area: HTMLTextAreaElement, label: string): Extension[] {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    json(),
    linter(jsonParseLinter()),
    syntaxHighlighting(colours),
    frame,
    EditorView.lineWrapping,
    // Tab keeps leaving the editor: a keyboard must never be caught in it.
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...searchKeymap, ...lintKeymap]),
    EditorView.contentAttributes.of(attributes(area, label)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) area.value = update.state.doc.toString();
    }),
  ];
}

function attributes(area: HTMLTextAreaElement, label: string): Record<string, string> {
  const described = area.getAttribute("aria-describedby");
  return {
    "aria-label": label,
    ...(described && { "aria-describedby": described }),
    ...(area.getAttribute("aria-invalid") === "true" && { "aria-invalid": "true" }),
  };
}

function enableEditor(box: HTMLElement): void {
  const area = box.querySelector("textarea");
  if (!area) return;
  const state = EditorState.create({
    doc: area.value,
    extensions: extensions(area, box.dataset.label ?? "JSON"),
  });
  const view = new EditorView({ state, parent: box });
  if (document.activeElement === area) view.focus();
  area.hidden = true;
  // The page's label still points to the text area.
  for (const label of area.labels ?? []) label.addEventListener("click", () => view.focus());
}

document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll<HTMLElement>("[data-json-editor]")) enableEditor(box);
});

/** Asks whether somebody really means to give up their place. Loaded when they say so, which few do; its styles, too. */
import looks from "../styles/dialog.css?url";

export interface LeavingWords {
  readonly title: string;
  readonly text: string;
  readonly stay: string;
  readonly leave: string;
}

/** The browser's own dialog keeps focus and Escape right. `leave` is called once, if at all. */
export function askToLeave(words: LeavingWords, leave: () => void): void {
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  title.id = "leave-title";
  title.textContent = words.title;
  dialog.setAttribute("aria-labelledby", title.id);
  const text = document.createElement("p");
  text.textContent = words.text;
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(
    button("button quiet", "leave-keep", words.stay, () => dialog.close()),
    button("button danger", "leave-confirm", words.leave, () => {
      dialog.close();
      leave();
    }),
  );
  dialog.append(title, text, actions);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dressed(() => dialog.showModal());
}

/** The styles are there, or cannot be had: then the browser's own will do. */
function dressed(then: () => void): void {
  if (document.querySelector(`link[href="${looks}"]`) !== null) return then();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = looks;
  link.onload = then;
  link.onerror = then;
  document.head.append(link);
}

function button(look: string, action: string, text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.className = look;
  made.dataset["action"] = action;
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

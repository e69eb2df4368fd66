import { useEffect } from "react";

export interface Shortcut {
  /** One key, or two pressed one after the other: "/", "g f". */
  keys: string;
  label: string;
  run: () => void;
}

const sequenceTime = 1_000;

/** useShortcuts runs shortcuts on bare keys, outside of fields and dialogs. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !isFree(event.target)) {
        return;
      }
      const sequence = event.timeStamp - firstAt < sequenceTime ? `${first} ${event.key}` : event.key;
      const hit = shortcuts.find(({ keys }) => keys === sequence) ?? shortcuts.find(({ keys }) => keys === event.key);
      first = event.key;
      firstAt = event.timeStamp;
      if (hit) {
        first = "";
        event.preventDefault();
        hit.run();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shortcuts]);
}

/** isFree tells that keys are not being typed into anything and that no dialog is open. */
function isFree(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]')) {
    return false;
  }
  if (!(target instanceof HTMLElement)) {
    return true;
  }
  const typing = target.isContentEditable || target.matches("textarea, select, [role=textbox]");
  const field = target instanceof HTMLInputElement && target.type !== "checkbox" && target.type !== "radio";
  return !typing && !field;
}

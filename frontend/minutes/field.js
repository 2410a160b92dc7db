// A shared text and a <textarea>: the same characters, and the caret where it was.
import * as Y from "yjs";

const isHigh = (code) => code >= 0xd800 && code <= 0xdbff;
const isLow = (code) => code >= 0xdc00 && code <= 0xdfff;

// The one change that turns `before` into `after`. It ends at the caret where that is possible: in "aa", typed after
// the first letter, the new one is the one before the caret and not the last one.
export function change(before, after, caret) {
  const most = Math.min(before.length, after.length);
  const tail = Math.min(most, after.length - caret);
  let end = 0;
  while (end < tail && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  let at = 0;
  while (at < most - end && before[at] === after[at]) at++;
  while (end < most - at && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  // Never half an emoji.
  if (at && isHigh(before.charCodeAt(at - 1)) && (isLow(before.charCodeAt(at)) || isLow(after.charCodeAt(at)))) at--;
  if (
    end &&
    isLow(before.charCodeAt(before.length - end)) &&
    (isHigh(before.charCodeAt(before.length - end - 1)) || isHigh(after.charCodeAt(after.length - end - 1)))
  ) {
    end--;
  }
  return { at, gone: before.length - at - end, words: after.slice(at, after.length - end) };
}

// `hold` {on(), off()} keeps what others write away while an input method composes, which a new value would end.
// `onWrite()` is told before a change of one's own, within it; `onOthers(event)` when somebody else wrote. Returns how to
// let go of the field again.
export function bind(text, field, { hold, onWrite, onOthers, onChange }) {
  const me = {};
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([me]), captureTimeout: 800 });
  let composing = false;
  if (field.value !== text.toString()) field.value = text.toString();

  const push = () => {
    const before = text.toString();
    if (field.value === before) return;
    const { at, gone, words } = change(before, field.value, field.selectionEnd);
    text.doc.transact(() => {
      onWrite();
      if (gone) text.delete(at, gone);
      if (words) text.insert(at, words);
    }, me);
    onChange();
  };
  const seen = (event) => {
    if (event.transaction.origin === me) return;
    const top = field.scrollTop;
    let at = 0;
    for (const step of event.delta) {
      if (step.retain) {
        at += step.retain;
      } else if (typeof step.insert === "string") {
        field.setRangeText(step.insert, at, at, "preserve");
        at += step.insert.length;
      } else if (step.delete) {
        field.setRangeText("", at, at + step.delete, "preserve");
      }
    }
    if (field.value !== text.toString()) field.value = text.toString();
    field.scrollTop = top;
    onChange();
    if (!event.transaction.local) onOthers(event);
  };
  const keys = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) undo.redo();
    else undo.undo();
  };
  const history = (event) => {
    if (event.inputType === "historyUndo") {
      event.preventDefault();
      undo.undo();
    } else if (event.inputType === "historyRedo") {
      event.preventDefault();
      undo.redo();
    }
  };
  const begin = () => {
    composing = true;
    hold.on();
  };
  const end = () => {
    if (!composing) return;
    composing = false;
    push();
    hold.off();
  };

  const listeners = {
    input: push, keydown: keys, beforeinput: history, compositionstart: begin, compositionend: end, blur: end,
  };
  for (const [name, listener] of Object.entries(listeners)) field.addEventListener(name, listener);
  text.observe(seen);
  return () => {
    text.unobserve(seen);
    end();
    undo.destroy();
    for (const [name, listener] of Object.entries(listeners)) field.removeEventListener(name, listener);
  };
}

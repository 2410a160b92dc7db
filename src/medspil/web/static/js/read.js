// Reads a page or a card aloud with a voice that lives on this machine. Other voices would send the words of a case away,
// so without a local voice the buttons stay hidden.
(() => {
  "use strict";
  const speech = window.speechSynthesis;
  const buttons = [...document.querySelectorAll("[data-read]")];
  if (!speech || !window.SpeechSynthesisUtterance || buttons.length === 0) return;

  const voiceFor = (lang) =>
    speech.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().replace("_", "-").startsWith(lang));
  const pageLang = (document.documentElement.lang || "da").slice(0, 2).toLowerCase();
  const quiet = "button, script, style, svg, nav, form, [hidden], [aria-hidden='true'], details:not([open]) > :not(summary)";
  const ends = new Set(["P", "LI", "H1", "H2", "H3", "H4", "DT", "DD", "BLOCKQUOTE", "DIV", "SECTION", "TR", "FIGCAPTION"]);
  let speaking = null;

  // Sentences with the language each is written in: a citizen's Danish words stay Danish on an English page.
  const parts = (root) => {
    const found = [];
    const add = (text, lang) => {
      const last = found[found.length - 1];
      if (last && last.lang === lang && last.open) last.text += text;
      else found.push({ text, lang, open: true });
    };
    const walk = (node, lang) => {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) add(child.nodeValue.replace(/\s+/g, " "), lang);
        else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(quiet) && child.getClientRects().length) {
          walk(child, (child.lang || lang).slice(0, 2).toLowerCase());
          if (ends.has(child.tagName) && found.length) found[found.length - 1].open = false;
        }
      }
    };
    walk(root, pageLang);
    return found.filter((part) => part.text.trim());
  };

  const rest = () => {
    if (!speaking) return;
    speaking.word.textContent = speaking.said;
    speaking = null;
  };

  const start = (button) => {
    const root = document.getElementById(button.dataset.read);
    if (!root) return;
    const word = button.querySelector("[data-read-word]");
    speaking = { button, word, said: word.textContent };
    const mine = speaking;
    word.textContent = button.dataset.stop;
    const queue = parts(root);
    queue.forEach((part, at) => {
      const words = new SpeechSynthesisUtterance(part.text);
      const voice = voiceFor(part.lang) || voiceFor(pageLang);
      words.voice = voice;
      words.lang = voice.lang;
      words.rate = 0.95;
      if (at === queue.length - 1) words.onend = () => speaking === mine && rest();
      words.onerror = () => speaking === mine && rest();
      speech.speak(words);
    });
    if (queue.length === 0) rest();
  };

  const show = () => {
    const hidden = !voiceFor(pageLang);
    for (const button of buttons) button.hidden = hidden;
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const same = speaking && speaking.button === button;
      speech.cancel();
      rest();
      if (!same) start(button);
    });
  }
  window.addEventListener("pagehide", () => speech.cancel());
  speech.addEventListener?.("voiceschanged", show);
  show();
})();

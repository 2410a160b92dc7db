// Small comforts. Every page works without them.
(() => {
  "use strict";

  // A message about what is missing takes the focus also where the browser does not do so by itself.
  // Once more when all is there: an address that ends in a place on the page takes the focus away on the way.
  const missing = document.querySelector("#mangler");
  missing?.focus();
  window.addEventListener("load", () =>
    window.requestAnimationFrame(() => {
      if (document.activeElement === document.body) missing?.focus();
    }),
  );

  // The menus close on Escape and on a click beside them.
  const menus = [...document.querySelectorAll("details.me, details.menu")];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
  });

  // A button pressed twice sends once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    // Afterwards, when it is known whether another script sends the form in its own way.
    window.setTimeout(() => {
      if (event.defaultPrevented) return;
      form.dataset.sent = "yes";
      window.setTimeout(() => delete form.dataset.sent, 4000);
    });
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
})();

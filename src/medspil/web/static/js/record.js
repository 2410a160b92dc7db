// A recording made on the page, put into the file field beside it. Without this the field takes a file.
// The board's notes can also be dragged: the same form is sent as by the buttons.
(() => {
  "use strict";

  for (const place of document.querySelectorAll("[data-record]")) record(place);

  function record(place) {
    const field = place.querySelector('input[type="file"]');
    const words = place.dataset;
    if (!field || !words.start || !navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
    const row = document.createElement("div");
    row.className = "record";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-second btn-row";
    button.textContent = words.start;
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    const heard = document.createElement("audio");
    heard.controls = true;
    heard.setAttribute("aria-label", words.player);
    heard.hidden = true;
    row.append(button, told);
    field.closest(".form-group").append(row, heard);

    let recorder = null;
    let parts = [];

    // What has been said so far lies in the field each second, so that a recording broken off keeps what came.
    const keep = () => {
      if (!parts.length) return;
      const type = recorder.mimeType.split(";")[0];
      const ending = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[type] || "webm";
      const files = new DataTransfer();
      files.items.add(new File(parts, `${words.name}.${ending}`, { type }));
      field.files = files.files;
    };

    const ended = (sentence) => {
      keep();
      for (const track of recorder.stream.getTracks()) track.stop();
      button.textContent = words.again;
      told.textContent = parts.length ? sentence : words.nothing;
      if (parts.length) {
        heard.src = URL.createObjectURL(field.files[0]);
        heard.hidden = false;
      }
    };

    button.addEventListener("click", async () => {
      if (recorder?.state === "recording") {
        recorder.stop();
        return;
      }
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        told.textContent = words.closed;
        return;
      }
      parts = [];
      heard.hidden = true;
      recorder = new MediaRecorder(stream);
      let broken = false;
      recorder.addEventListener("dataavailable", (event) => {
        if (event.data.size) parts.push(event.data);
        keep();
      });
      recorder.addEventListener("error", () => (broken = true));
      stream.getTracks()[0].addEventListener("ended", () => {
        broken = recorder.state === "recording";
        if (broken) recorder.stop();
      });
      recorder.addEventListener("stop", () => ended(broken ? words.broken : words.done));
      recorder.start(1000);
      button.textContent = words.stop;
      told.textContent = words.on;
    });

    // Sent in the middle of a sentence: what has been said until now goes along.
    field.form.addEventListener("submit", () => keep());
  }

  let carried = null;
  for (const note of document.querySelectorAll(".board .board-note")) {
    const form = note.querySelector(".board-more form");
    if (!form) continue;
    note.draggable = true;
    note.addEventListener("dragstart", () => {
      carried = form;
      note.classList.add("board-dragged");
    });
    note.addEventListener("dragend", () => {
      carried = null;
      note.classList.remove("board-dragged");
    });
  }
  for (const column of document.querySelectorAll(".board-column")) {
    const key = [...column.classList].find((name) => /^board-(works|hard|needed)$/.test(name))?.slice(6);
    const button = () => carried?.querySelector(`button[value="${key}"]`);
    column.addEventListener("dragover", (event) => {
      if (!button()) return;
      event.preventDefault();
      column.classList.add("board-over");
    });
    column.addEventListener("dragleave", () => column.classList.remove("board-over"));
    column.addEventListener("drop", (event) => {
      column.classList.remove("board-over");
      if (!button()) return;
      event.preventDefault();
      carried.requestSubmit(button());
    });
  }
})();

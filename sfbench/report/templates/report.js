"use strict";
// Charts are drawn in the page's language and colours, those in view first; tables are sorted and saved.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const specs = read("specs"), series = read("series");
  const drawn = new Map();
  const lang = () => (document.getElementById("zh").checked ? "zh" : "en");

  // A shared chart shows one of many (series 0) beside the others (series 1).
  const specOf = (place) => {
    const { shared, name } = place.dataset;
    if (!shared) return specs[place.id];
    const { days, values } = series[shared];
    const rows = [name, "others"].flatMap((key, s) =>
      (values[key] ?? []).flatMap((v, at) => (v === null ? [] : [{ m: days[at], v, s }])));
    return { ...specs[shared], data: { values: rows } };
  };

  // {"zh": .., "en": ..} stands for one word
  const spoken = (part, to) => {
    if (Array.isArray(part)) return part.map((one) => spoken(one, to));
    if (part === null || typeof part !== "object") return part;
    const keys = Object.keys(part);
    if (keys.length === 2 && "zh" in part && "en" in part) return part[to];
    return Object.fromEntries(keys.map((key) => [key, spoken(part[key], to)]));
  };

  const theme = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const ink = colour("--ink"), soft = colour("--soft"), line = colour("--line");
    const words = { labelColor: soft, titleColor: soft, titleFontWeight: "normal" };
    return {
      background: null,
      font: getComputedStyle(document.body).fontFamily,
      view: { stroke: null },
      axis: { ...words, gridColor: line, domainColor: line, tickColor: line },
      legend: { ...words, columns: innerWidth < 600 ? 1 : 2 },
      mark: { color: colour("--bar") },
      bar: { color: colour("--bar") },
      text: { color: ink },
      style: { target: { color: colour("--mark"), size: 2 }, published: { color: soft } },
      // Okabe and Ito: told apart by the colour-blind, on light and dark
      range: { category: ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"] },
    };
  };

  // One chart at a time, beside the old one, which goes when the new one is there. A place says what it shows in
  // data-drawn; it is due while it can be seen and shows something else.
  const places = [...document.querySelectorAll(".chart")];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const look = () => `${lang()} ${dark.matches ? "dark" : "light"}`;
  const near = (place) => {
    const { top, bottom } = place.getBoundingClientRect();
    return bottom > -200 && top < innerHeight + 200;
  };
  const due = () => {
    const all = places.filter((place) => place.dataset.drawn !== look() && place.checkVisibility());
    return all.find(near) ?? all[0];
  };

  const draw = async (place) => {
    const wanted = look(), fresh = document.createElement("div");
    const spec = spoken(specOf(place), lang());
    fresh.className = "fresh";
    place.append(fresh);
    try {
      const made = await vegaEmbed(fresh, { ...spec, config: { ...theme(), ...spec.config } }, { renderer: "svg", actions: false });
      drawn.get(place)?.finalize();
      drawn.set(place, made);
      place.replaceChildren(fresh);
      fresh.classList.remove("fresh");
    } catch (error) {
      fresh.remove();
      console.error(place.id, error);
    }
    place.dataset.drawn = wanted; // after a failure, too: the next chart has its turn
  };

  // What is not folded is drawn even if nobody scrolls there: a printed page shows it. Clicks have their turn between.
  let working = false;
  const work = async () => {
    if (working) return;
    working = true;
    for (let place; (place = due()); ) {
      if (!near(place)) await new Promise((go) => setTimeout(go));
      await draw(place);
    }
    working = false;
  };
  const speak = () => {
    document.documentElement.lang = lang(); // a browser may bring back what was chosen before
    work();
  };
  document.querySelectorAll("input[name=lang]").forEach((button) => button.addEventListener("change", speak));
  dark.addEventListener("change", work);
  document.querySelectorAll("details").forEach((one) => one.addEventListener("toggle", work));
  addEventListener("hashchange", work); // another bank's page
  speak();

  const text = (cell) => (cell.querySelector(`.${lang()}`) ?? cell).textContent.trim();
  const value = (row, at) => {
    const cell = row.cells[at];
    return "v" in cell.dataset ? Number(cell.dataset.v) : text(cell);
  };
  const compare = (a, b) => {
    const empty = (one) => one === "" || one === "-";
    if (empty(a) || empty(b)) return empty(a) - empty(b);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), lang());
  };
  document.querySelectorAll("table.data").forEach((table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const order = compare(value(a, at), value(b, at));
        return down ? -order : order;
      });
      table.tBodies[0].append(...rows);
    }));
  });

  // a cell that a spreadsheet would take for a formula is made text
  const quoted = (one) => `"${(/^[=+\-@\t\r]/.test(one) && !/^-?[\d.,]+( ?%)?$/.test(one) ? "'" + one : one).replaceAll('"', '""')}"`;
  document.querySelectorAll(".save").forEach((button) => button.addEventListener("click", () => {
    const table = document.getElementById(button.dataset.table);
    const lines = [...table.rows].map((row) => [...row.cells].map((cell) => quoted(cell.dataset.v ?? text(cell))).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
    link.download = `${button.dataset.table}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }));
})();

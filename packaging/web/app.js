// SPDX-License-Identifier: Apache-2.0
// The page around otapack: takes files, has a worker inspect each, and shows the page that came of it.
"use strict";

const at = (id) => document.getElementById(id);

// ---- The program --------------------------------------------------------------------------------

const program = (async () => {
    const packed = Uint8Array.from(atob(at("program").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return WebAssembly.compile(await new Response(stream).arrayBuffer());
})();

const script = new Blob([at("worker").textContent], { type: "text/javascript" });
const scriptUrl = URL.createObjectURL(script);
let worker = null;
let turn = Promise.resolve();

function dismiss() {
    if (worker) {
        worker.terminate();
    }
    worker = null;
}

async function runNow(words, file) {
    let module;
    try {
        module = await program;
    } catch (error) {
        return { fault: "this browser cannot run otapack (" + error + "); use a newer one" };
    }
    worker = worker || new Worker(scriptUrl);
    return new Promise((done) => {
        worker.onmessage = ({ data }) => done(data);
        worker.onerror = (event) => {
            dismiss();
            done({ fault: "the worker that runs otapack ended (" + event.message + ")" });
        };
        worker.postMessage({ module, words, file });
    });
}

// Runs otapack with words and a file: its exit status, its output and what it said of errors; or, as
// `fault`, why there is none of these. One run follows the other.
function run(words, file) {
    turn = turn.then(() => runNow(words, file));
    return turn;
}

// ---- The list of files --------------------------------------------------------------------------

const verdicts = {
    waiting: ["noted", "\u2026", "waiting"],
    0: ["good", "\u2713", "Good"],
    1: ["failed", "\u2717", "Not good"],
    2: ["failed", "\u2717", "Not read"],
};

let items = [];

function mark(item, status) {
    const [className, sign, word] = verdicts[status];
    item.badge.className = "badge " + className;
    item.badge.textContent = sign + " " + word;
}

function makeItem(file) {
    const item = {
        file,
        badge: document.createElement("span"),
        button: document.createElement("button"),
    };
    const row = document.createElement("li");
    item.button.type = "button";
    item.button.textContent = file.name;
    item.button.addEventListener("click", () => show(item));
    mark(item, "waiting");
    row.append(item.badge, item.button);
    at("files").append(row);
    return item;
}

function count() {
    const done = items.filter((item) => item.result);
    const good = done.filter((item) => item.result.status === 0).length;
    const rest = items.length - done.length;
    const files = items.length === 1 ? "1 file" : items.length + " files";
    at("said").textContent =
        files + ": " + good + " good, " + (done.length - good) + " not" + (rest ? ", " + rest + " to go" : "") + ".";
}

function fill(is) {
    document.body.classList.toggle("filled", is);
    at("chosen").hidden = !is;
}

// What has no page has a sentence instead.
function settle(item, result) {
    if (result.fault || !result.output.size) {
        result = { status: 2, fault: result.fault || result.errors || "otapack said nothing" };
    }
    item.result = result;
    mark(item, result.status);
}

async function add(files) {
    const added = [...files].map(makeItem);
    items.push(...added);
    fill(items.length > 0);
    count();
    for (const item of added) {
        const result = await run(["inspect", "--format", "html"], item.file);
        settle(item, result);
        count();
        if (item === added[0]) {
            show(item);
        }
    }
}

// ---- The page of one file -----------------------------------------------------------------------

let shown = null;
let saved = null; // the address of the page for who saves it

// In a frame that is a document of this one, links to parts of it need its address.
const BASE = '<base href="about:srcdoc">';

async function frame(item) {
    const text = await item.result.output.text();
    if (shown !== item) {
        return;
    }
    at("page").title = "What is in " + item.file.name;
    at("page").srcdoc = text.replace("<head>", "<head>" + BASE);
    saved = URL.createObjectURL(new Blob([text], { type: "text/html" }));
    at("save").firstElementChild.href = saved;
    at("save").firstElementChild.download = item.file.name + ".html";
}

function hide() {
    shown = null;
    at("page").removeAttribute("srcdoc");
    URL.revokeObjectURL(saved);
    for (const item of items) {
        item.button.removeAttribute("aria-current");
    }
}

function show(item) {
    if (!item.result) {
        return;
    }
    const { fault } = item.result;
    hide();
    shown = item;
    item.button.setAttribute("aria-current", "true");
    at("view").hidden = false;
    at("fault").hidden = !fault;
    at("fault").textContent = fault ? item.file.name + ": " + fault + "." : "";
    at("save").hidden = at("page").hidden = Boolean(fault);
    if (!fault) {
        frame(item);
    }
}

// ---- What the user does -------------------------------------------------------------------------

// What is running goes on in a worker that nobody hears any more; so it ends.
at("clear").addEventListener("click", () => {
    dismiss();
    turn = Promise.resolve();
    hide();
    items = [];
    at("files").replaceChildren();
    fill(false);
    at("view").hidden = true;
    at("choose").focus();
});

at("choose").addEventListener("change", () => {
    add(at("choose").files);
    at("choose").value = ""; // the same file can be chosen again
});

const dragged = (is) => document.body.classList.toggle("dragged", is);

addEventListener("dragover", (event) => {
    event.preventDefault();
    dragged(true);
});
addEventListener("dragleave", (event) => dragged(event.relatedTarget !== null));
addEventListener("drop", (event) => {
    event.preventDefault();
    dragged(false);
    add(event.dataTransfer.files);
});

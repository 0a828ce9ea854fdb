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
let held = null; // the files that it has
let turn = Promise.resolve();

function dismiss() {
    if (worker) {
        worker.terminate();
    }
    worker = held = null;
}

async function runNow(words, { given, nth }) {
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
        worker.postMessage({ module, words, nth, given: held === given ? null : given });
        held = given;
    });
}

// Runs otapack with words and a file of those that were given together, in its folder: its exit status,
// its output and what it said of errors; or, as `fault`, why there is none of these. One run follows
// the other.
function run(words, item) {
    turn = turn.then(() => runNow(words, item));
    return turn;
}

// ---- Folders ------------------------------------------------------------------------------------

const FILES_MOST = 2000; // that are taken at a time

// What is in a folder that was dropped. Chromium reads by entries only for pages from a server, and
// the other browsers have no handles.
async function* inHandle(handle) {
    for await (const child of (await handle).values()) {
        const isFile = child.kind === "file";
        yield { name: child.name, isFile, file: () => child.getFile(), children: () => inHandle(child) };
    }
}

async function* inEntry(entry) {
    const reader = entry.createReader();
    const some = () => new Promise((done, failed) => reader.readEntries(done, failed));
    for (let children = await some(); children.length; children = await some()) {
        for (const child of children) {
            const file = () => new Promise((done, failed) => child.file(done, failed));
            yield { name: child.name, isFile: child.isFile, file, children: () => inEntry(child) };
        }
    }
}

// Adds the files in a folder to those that were given. What cannot be read has none (`file`), and is
// said when its turn comes.
async function walk(path, children, given) {
    try {
        for await (const child of children) {
            if (given.length > FILES_MOST) {
                return;
            }
            const below = path + "/" + child.name;
            if (child.isFile) {
                given.push({ path: below, file: await child.file().catch(() => null) });
            } else {
                await walk(below, child.children(), given);
            }
        }
    } catch {
        given.push({ path, file: null });
    }
}

// A thing that was dropped, which only the event itself gives: what adds its files.
function taker(thing) {
    const file = thing.getAsFile();
    const entry = thing.webkitGetAsEntry();
    if (!entry || entry.isFile) {
        return async (given) => given.push({ path: file.name, file });
    }
    const handle = thing.getAsFileSystemHandle && thing.getAsFileSystemHandle();
    return async (given) => {
        const before = given.length;
        await walk(entry.name, handle ? inHandle(handle) : inEntry(entry), given);
        if (given.length === before) {
            given.push({ path: entry.name, file: null });
        }
    };
}

async function dropped(things) {
    const given = [];
    for (const take of [...things].filter((thing) => thing.kind === "file").map(taker)) {
        await take(given);
    }
    return given;
}

// ---- The list of files --------------------------------------------------------------------------

const verdicts = {
    waiting: ["noted", "\u2026", "waiting"],
    0: ["good", "\u2713", "Good"],
    1: ["failed", "\u2717", "Not good"],
    2: ["failed", "\u2717", "Not read"],
};

let items = [];
let tooMany = false;

function mark(item, status) {
    const [className, sign, word] = verdicts[status];
    item.badge.className = "badge " + className;
    item.badge.textContent = sign + " " + word;
}

function makeItem(given, nth) {
    const { path } = given[nth];
    const item = {
        given,
        nth,
        path,
        name: path.slice(path.lastIndexOf("/") + 1),
        badge: document.createElement("span"),
        button: document.createElement("button"),
    };
    const row = document.createElement("li");
    item.button.type = "button";
    item.button.textContent = path;
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
        files + ": " + good + " good, " + (done.length - good) + " not" + (rest ? ", " + rest + " to go" : "") + "." +
        (tooMany ? " At most " + FILES_MOST + " files are taken at a time; the rest is not looked at." : "");
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

// Files that were given together lie together: each can name the others. `given`: [{ path, file }].
async function add(given) {
    tooMany = tooMany || given.length > FILES_MOST;
    given = given.slice(0, FILES_MOST).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    const added = given.map((_, nth) => makeItem(given, nth));
    items.push(...added);
    fill(items.length > 0);
    count();
    for (const item of added) {
        const result = await run(["inspect", "--format", "html"], item);
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

// The program takes what was not given for what is not on the disk.
const MISSES = /data-id="manifest-file" data-path="[^"]*" data-verdict="fail"/;

async function frame(item) {
    const text = await item.result.output.text();
    if (shown !== item) {
        return;
    }
    at("missing").hidden = !MISSES.test(text);
    at("page").title = "What is in " + item.path;
    at("page").srcdoc = text.replace("<head>", "<head>" + BASE);
    saved = URL.createObjectURL(new Blob([text], { type: "text/html" }));
    at("save").firstElementChild.href = saved;
    at("save").firstElementChild.download = item.name + ".html";
}

function hide() {
    shown = null;
    at("missing").hidden = true;
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
    at("fault").textContent = fault ? item.path + ": " + fault + "." : "";
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
    tooMany = false;
    at("files").replaceChildren();
    fill(false);
    at("view").hidden = true;
    at("choose").focus();
});

for (const input of [at("choose"), at("folder")]) {
    input.addEventListener("change", () => {
        add([...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
        input.value = ""; // the same file can be chosen again
    });
}

const dragged = (is) => document.body.classList.toggle("dragged", is);

addEventListener("dragover", (event) => {
    event.preventDefault();
    dragged(true);
});
addEventListener("dragleave", (event) => dragged(event.relatedTarget !== null));
addEventListener("drop", async (event) => {
    event.preventDefault();
    dragged(false);
    const list = items;
    const given = await dropped(event.dataTransfer.items);
    if (items === list) { // and nobody has cleared it
        add(given);
    }
});

// SPDX-License-Identifier: Apache-2.0
// Runs otapack in a worker, behind what Emscripten made of it (makeOtapack). Each message is one run:
// words of a command line, and which of the files that were given together is its last word. These
// come with the first message that is about them. Each run has a program, a memory and a file system
// of its own, so that none leaves anything to the next.
"use strict";

// Bytes as they come, one at a time.
class Bytes {
    bytes = new Uint8Array(1 << 16);
    size = 0;

    add(byte) {
        if (this.size === this.bytes.length) {
            const more = new Uint8Array(2 * this.size);
            more.set(this.bytes);
            this.bytes = more;
        }
        this.bytes[this.size++] = byte;
    }

    all() {
        return this.bytes.subarray(0, this.size);
    }
}

// What Emscripten made waits for ever for an instance that does not come.
function make(module, options) {
    return new Promise((made, failed) => {
        const instantiateWasm = (imports, done) => {
            WebAssembly.instantiate(module, imports).then(done).catch(failed);
            return {};
        };
        makeOtapack({ ...options, instantiateWasm }).then(made, failed);
    });
}

// No path that leads out of the folder; and WORKERFS cannot list a folder that has the last of these.
const NO_NAMES = ["", ".", "..", "hasOwnProperty"];

function isInside(path) {
    return !path.split("/").some((part) => NO_NAMES.includes(part));
}

// A folder by what is in it, paths to files: the file itself, and what was given with it that lies
// beside it or below. Of two with one path the first counts.
function folderOf(files, { path, file }) {
    const start = path.lastIndexOf("/") + 1;
    const found = new Map([[path.slice(start), file]]);
    for (const other of files) {
        const name = other.path.slice(start);
        if (other.file && other.path.startsWith(path.slice(0, start)) && isInside(name) && !found.has(name)) {
            found.set(name, other.file);
        }
    }
    return found;
}

// The files are read where they are, piece by piece, and are the only ones there. WORKERFS looks folders
// up in an object by their paths: below "given" none is the name of a part that every object has.
function put(otapack, folder) {
    const blobs = [...folder].map(([name, data]) => ({ name: "given/" + name, data }));
    const [name] = folder.keys();
    delete otapack.WORKERFS.node_ops.readlink; // it would forbid to ask whether a file is a link: none is
    otapack.FS.mkdir("/files");
    otapack.FS.mount(otapack.WORKERFS, { blobs }, "/files");
    otapack.FS.chdir("/files/given");
    return name === "-" ? "./-" : name;
}

async function run(module, words, folder) {
    const output = new Bytes();
    const errors = new Bytes();
    let status;
    const otapack = await make(module, {
        stdin: () => null,
        stdout: (byte) => output.add(byte),
        stderr: (byte) => errors.add(byte),
        onExit: (is) => (status = is),
    });
    otapack.callMain([...words, "--", put(otapack, folder)]);
    return { status, output: new Blob([output.all()]), errors: new TextDecoder().decode(errors.all()) };
}

async function canRead(file) {
    try {
        await file.slice(0, 1).arrayBuffer();
        return true;
    } catch {
        return false;
    }
}

// What the browser threw, it threw where a file was read.
function faultOf(error) {
    return error instanceof DOMException
        ? "it, or a file beside it, cannot be read any more; choose again what has changed since"
        : "otapack broke off (" + error + "); please report this, with the file if you may";
}

let files = []; // that were given together

onmessage = async ({ data: { module, words, given, nth } }) => {
    files = given || files;
    if (!(await canRead(files[nth].file))) {
        postMessage({ fault: "is no file that can be read; choose again what has changed since" });
        return;
    }
    try {
        postMessage(await run(module, words, folderOf(files, files[nth])));
    } catch (error) {
        postMessage({ fault: faultOf(error) });
    }
};

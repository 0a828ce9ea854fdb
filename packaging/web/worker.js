// SPDX-License-Identifier: Apache-2.0
// Runs otapack in a worker, behind what Emscripten made of it (makeOtapack). Each message is one run:
// words of a command line, and a file, which is its last word. Each run has a program, a memory and a
// file system of its own, so that none leaves anything to the next.
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

// The file is read where it is, piece by piece, and is the only one there.
function put(otapack, file) {
    otapack.FS.mkdir("/files");
    otapack.FS.mount(otapack.WORKERFS, { blobs: [{ name: file.name, data: file }] }, "/files");
    otapack.FS.chdir("/files");
    return file.name === "-" ? "./-" : file.name;
}

async function run(module, words, file) {
    const output = new Bytes();
    const errors = new Bytes();
    let status;
    const otapack = await make(module, {
        stdin: () => null,
        stdout: (byte) => output.add(byte),
        stderr: (byte) => errors.add(byte),
        onExit: (is) => (status = is),
    });
    otapack.callMain([...words, "--", put(otapack, file)]);
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

onmessage = async ({ data: { module, words, file } }) => {
    if (!(await canRead(file))) {
        postMessage({ fault: "cannot be read; drop files, not folders, and choose again what has changed since" });
        return;
    }
    try {
        postMessage(await run(module, words, file));
    } catch (error) {
        postMessage({ fault: "otapack broke off (" + error + "); please report this, with the file if you may" });
    }
};

// SPDX-License-Identifier: Apache-2.0
// Readers of npm and node. readers.js MODULES MODE FILE prints "sha256<TAB>size<TAB>name" for each file in it.
'use strict';
const { createHash } = require('crypto');
const { createRequire } = require('module');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { Readable } = require('stream');
const { pipeline } = require('stream/promises');

const [modules, mode, file] = process.argv.slice(2);
const load = createRequire(path.join(modules, 'package.json'));

function tell(name, data) {
    process.stdout.write(`${createHash('sha256').update(data).digest('hex')}\t${data.length}\t${name}\n`);
}

async function tellStream(name, stream) {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of stream) {
        hash.update(part);
        size += part.length;
    }
    process.stdout.write(`${hash.digest('hex')}\t${size}\t${name}\n`);
}

const folder = (name) => name.endsWith('/');

/* Little pieces, as from a network. */
const pieces = () => fs.createReadStream(file, { highWaterMark: 3001 });

function tarOfBytes(data) {
    return tarStream(Readable.from([data]));
}

async function tarStream(stream) {
    const extract = load('tar-stream').extract();
    const done = pipeline(stream, extract);
    for await (const entry of extract) {
        if (entry.header.type === 'file') await tellStream(entry.header.name, entry);
        else entry.resume();
    }
    await done;
}

const readers = {
    async 'yauzl'() {
        const yauzl = load('yauzl');
        await new Promise((resolve, reject) => yauzl.open(file, { lazyEntries: true }, (error, zip) => {
            if (error) return reject(error);
            zip.on('error', reject).on('end', resolve).on('entry', (entry) => {
                if (folder(entry.fileName)) return zip.readEntry();
                zip.openReadStream(entry, (failed, stream) => {
                    if (failed) return reject(failed);
                    tellStream(entry.fileName, stream).then(() => zip.readEntry(), reject);
                });
            });
            zip.readEntry();
        }));
    },
    async 'jszip'() {
        const zip = await load('jszip').loadAsync(fs.readFileSync(file), { checkCRC32: true });
        for (const entry of Object.values(zip.files)) {
            if (!entry.dir) tell(entry.name, await entry.async('nodebuffer'));
        }
    },
    async 'adm-zip'() {
        for (const entry of new (load('adm-zip'))(file).getEntries()) {
            if (!entry.isDirectory) tell(entry.entryName, entry.getData());
        }
    },
    async 'node-stream-zip'() {
        const zip = new (load('node-stream-zip').async)({ file });
        for (const entry of Object.values(await zip.entries())) {
            if (!entry.isDirectory) await tellStream(entry.name, await zip.stream(entry));
        }
        await zip.close();
    },
    async 'zip.js'() {
        const zip = load('@zip.js/zip.js');
        const reader = new zip.ZipReader(new zip.Uint8ArrayReader(fs.readFileSync(file)), { checkSignature: true });
        for (const entry of await reader.getEntries()) {
            if (!entry.directory) tell(entry.filename, await entry.getData(new zip.Uint8ArrayWriter()));
        }
        await reader.close();
    },
    async 'zip.js-stream'() {
        const zip = load('@zip.js/zip.js');
        const stream = Readable.toWeb(pieces()).pipeThrough(new zip.ZipReaderStream());
        for await (const entry of stream) {
            if (!entry.directory) await tellStream(entry.filename, entry.readable);
        }
    },
    async 'fflate-unzipSync'() {
        const files = load('fflate').unzipSync(fs.readFileSync(file));
        for (const [name, data] of Object.entries(files)) if (!folder(name)) tell(name, data);
    },
    async 'fflate-Unzip'() {
        const fflate = load('fflate');
        const unzip = new fflate.Unzip();
        let failed = null;
        unzip.register(fflate.UnzipInflate);
        unzip.onfile = (entry) => {
            const parts = [];
            entry.ondata = (error, data, final) => {
                if (error) failed = error;
                else parts.push(data);
                if (!error && final && !folder(entry.name)) tell(entry.name, Buffer.concat(parts));
            };
            entry.start();
        };
        for await (const part of pieces()) unzip.push(part);
        unzip.push(new Uint8Array(0), true);
        if (failed) throw failed;
    },
    async 'unzipper-Open'() {
        const directory = await load('unzipper').Open.file(file);
        for (const entry of directory.files) {
            if (entry.type === 'File') await tellStream(entry.path, entry.stream());
        }
    },
    async 'unzipper-Parse'() {
        const stream = pieces().pipe(load('unzipper').Parse({ forceStream: true }));
        for await (const entry of stream) {
            if (entry.type === 'File') await tellStream(entry.path, entry);
            else entry.autodrain();
        }
    },
    async 'unzip-stream'() {
        await new Promise((resolve, reject) => {
            const waiting = [];
            pieces().pipe(load('unzip-stream').Parse()).on('error', reject)
                .on('entry', (entry) => {
                    if (entry.type === 'File') waiting.push(tellStream(entry.path, entry));
                    else entry.autodrain();
                })
                .on('close', () => Promise.all(waiting).then(resolve, reject));
        });
    },
    async 'npm-tar'() {
        const waiting = [];
        await load('tar').t({ file, onReadEntry: (entry) => {
            if (entry.type === 'File') waiting.push(tellStream(entry.path, entry));
        } });
        await Promise.all(waiting);
    },
    async 'npm-tar-stream'() {
        const waiting = [];
        const parser = load('tar').t({ onReadEntry: (entry) => {
            if (entry.type === 'File') waiting.push(tellStream(entry.path, entry));
        } });
        await new Promise((resolve, reject) => pieces().pipe(parser).on('error', reject).on('end', resolve));
        await Promise.all(waiting);
    },
    async 'tar-stream'() { await tarStream(pieces()); },
    async 'zlib-gunzip'() { await tarStream(pieces().pipe(zlib.createGunzip())); },
    async 'zlib-gunzipSync'() { await tarOfBytes(zlib.gunzipSync(fs.readFileSync(file))); },
    async 'DecompressionStream'() {
        await tarStream(Readable.fromWeb(Readable.toWeb(pieces()).pipeThrough(new DecompressionStream('gzip'))));
    },
    async 'pako'() { await tarOfBytes(Buffer.from(load('pako').ungzip(fs.readFileSync(file)))); },
    async 'fflate-gunzipSync'() { await tarOfBytes(Buffer.from(load('fflate').gunzipSync(fs.readFileSync(file)))); },
    async 'fflate-Gunzip'() {
        const parts = [];
        const gunzip = new (load('fflate').Gunzip)((data) => parts.push(data));
        for await (const part of pieces()) gunzip.push(part);
        gunzip.push(new Uint8Array(0), true);
        await tarOfBytes(Buffer.concat(parts));
    },
};

readers[mode]().catch((error) => {
    process.stderr.write(`${error.stack || error}\n`);
    process.exit(1);
});

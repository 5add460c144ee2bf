// SPDX-License-Identifier: Apache-2.0
// Logs in to a lab's Moodle and photographs pages, as ./dev photograph runs it:
//
//   node photograph.mjs SITE USER PASSWORD WIDTH LANGUAGE PATH=PNG [PATH=PNG …]
//
// Tells the status and the title of each page, and what its scripts complain about. Ends with 1 when a page
// could not be shown or a script failed.
import {mkdtempSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

// puppeteer-core lies in the cache of the builds, not beside this file.
const puppeteer = createRequire(join(process.env.NODE_FOLDER ?? process.cwd(), 'x.js'))('puppeteer-core');
const [site, user, password, width, language, ...shots] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'photograph-'));
const patience = 600000; // A limit is for what hangs: the machine may do much else.
const browser = await puppeteer.launch({
    timeout: patience, protocolTimeout: patience,
    executablePath: '/usr/bin/chromium', headless: true, userDataDir: profile,
    defaultViewport: {width: Number(width), height: 950},
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
});
let faults = 0;
try {
    const page = await browser.newPage();
    page.setDefaultTimeout(patience);
    page.setDefaultNavigationTimeout(patience);
    page.on('pageerror', error => console.log('script:', error.message, ++faults));
    page.on('console', message => message.type() === 'error' && console.log('console:', message.text()));
    // Scripts that come late may move the focus while something is typed.
    for (let tries = 3; tries && (page.url() === 'about:blank' || page.url().startsWith(`${site}/login/`)); tries--) {
        await page.goto(`${site}/login/index.php`, {waitUntil: 'networkidle2'});
        await page.type('#username', user);
        await page.type('#password', password);
        await Promise.all([page.waitForNavigation({waitUntil: 'networkidle2'}), page.click('#loginbtn')]);
    }
    if (page.url().startsWith(`${site}/login/`)) {
        throw new Error(`${user} could not log in.`);
    }
    // The language is one of the session.
    await page.goto(`${site}/?lang=${language}`, {waitUntil: 'networkidle2'});
    for (const shot of shots) {
        const cut = shot.lastIndexOf('=');
        const answer = await page.goto(site + shot.slice(0, cut), {waitUntil: 'networkidle2'});
        // What the page asks for after it is shown.
        await page.waitForFunction(() => !Array.from(document.querySelectorAll('#region-main .fa-spin'))
            .some(icon => icon.offsetParent), {timeout: 20000}).catch(() => console.log('still loading:', shot));
        await page.screenshot({path: shot.slice(cut + 1), fullPage: true});
        console.log(answer.status(), await page.title(), shot.slice(cut + 1));
        faults += answer.status() !== 200;
    }
} finally {
    await browser.close();
    rmSync(profile, {recursive: true, force: true});
}
process.exitCode = faults ? 1 : 0;

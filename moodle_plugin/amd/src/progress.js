// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * Keeps what a page says about archive jobs up to date until they have ended.
 *
 * @module     local_archivist/progress
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

import Ajax from 'core/ajax';

/** @var {number} Milliseconds between two looks while something happens. */
const FAST = 2000;

/** @var {number} The same while nothing happens, or while the server cannot be reached. */
const SLOW = 30000;

/** @var {boolean} Whether the page is looked after already. */
let started = false;

/**
 * Writes a text, but only a new one: screen readers read what is written again.
 *
 * @param {HTMLElement} root
 * @param {string} region
 * @param {string} text
 */
const write = (root, region, text) => {
    const element = root.querySelector(`[data-region="${region}"]`);
    if (element && element.textContent !== text) {
        element.textContent = text;
    }
};

/**
 * Shows how far a job is.
 *
 * @param {HTMLElement} root
 * @param {Object} job as from local_archivist_get_jobs
 */
const show = (root, job) => {
    write(root, 'label', job.label);
    write(root, 'message', job.message);
    write(root, 'cause', job.cause);
    write(root, 'percent', String(job.percent));
    const label = root.querySelector('[data-region="label"]');
    label.className = `badge ${job.badgeclass} ${label.classList.contains('me-2') ? 'me-2' : ''}`;
    root.querySelector('[data-region="moving"]').classList.toggle('d-none', !job.moving);
    const bar = root.querySelector('progress');
    if (bar) {
        bar.value = job.percent;
    }
};

/**
 * The places of the page that tell of jobs which have not ended.
 *
 * @returns {HTMLElement[]}
 */
const places = () => Array.from(document.querySelectorAll('[data-archivist-job]'));

/**
 * Shows what is new. The page of one job is shown anew when more than its progress changes.
 *
 * @param {Object[]} jobs as from local_archivist_get_jobs; those that were deleted are missing
 */
const update = (jobs) => {
    const known = new Map(jobs.map(job => [String(job.id), job]));
    for (const root of places()) {
        const job = known.get(root.dataset.archivistJob);
        const now = job && (job.moving ? 'moving' : 'waiting');
        if (root.dataset.archivistReload && (!job || job.final || now !== root.dataset.archivistReload)) {
            window.location.reload();
            return;
        }
        if (job) {
            show(root, job);
        }
        if (!job || job.final) {
            delete root.dataset.archivistJob;
        }
    }
};

/**
 * Follows all jobs of the page until they have ended.
 */
export const init = () => {
    if (started) {
        return;
    }
    started = true;
    let wait = FAST;
    let last = '';

    const look = async() => {
        const ids = [...new Set(places().map(root => Number(root.dataset.archivistJob)))];
        if (!ids.length) {
            return;
        }
        try {
            const jobs = await Ajax.call([{methodname: 'local_archivist_get_jobs', args: {ids}}], true, true, true)[0];
            const now = JSON.stringify(jobs);
            wait = now === last ? Math.min(wait * 1.25, SLOW) : FAST;
            last = now;
            update(jobs);
        } catch (error) {
            // The jobs go on without us; whoever was logged out or lost the network sees it with the next page.
            wait = Math.min(wait * 2, SLOW);
        }
        window.setTimeout(look, wait);
    };

    window.setTimeout(look, wait);
};

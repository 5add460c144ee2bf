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
 * Moves the progress bar of an archive job.
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

/**
 * Writes a text, but only a new one: screen readers read what is written again.
 *
 * @param {HTMLElement} root
 * @param {string} region
 * @param {string} text
 */
const write = (root, region, text) => {
    const element = root.querySelector(`[data-region="${region}"]`);
    if (element.textContent !== text) {
        element.textContent = text;
    }
};

/**
 * Shows how far the job is.
 *
 * @param {HTMLElement} root
 * @param {Object} job as from local_archivist_get_job
 */
const show = (root, job) => {
    write(root, 'label', job.label);
    write(root, 'message', job.message);
    write(root, 'percent', String(job.percent));
    root.querySelector('[data-region="label"]').className = `badge ${job.badgeclass} me-2`;
    root.querySelector('progress').value = job.percent;
};

/**
 * Follows a job until it has ended, and shows the whole page anew then.
 *
 * @param {string} elementId of the progress bar
 * @param {number} jobId
 */
export const init = (elementId, jobId) => {
    const root = document.getElementById(elementId);
    let wait = FAST;
    let last = '';

    const look = async() => {
        try {
            const job = await Ajax.call([{methodname: 'local_archivist_get_job', args: {id: jobId}}], true, true, true)[0];
            if (job.final) {
                window.location.reload();
                return;
            }
            const now = JSON.stringify(job);
            wait = now === last ? Math.min(wait * 1.25, SLOW) : FAST;
            last = now;
            show(root, job);
        } catch (error) {
            // The job goes on without us; whoever was logged out or lost the network sees it with the next page.
            wait = Math.min(wait * 2, SLOW);
        }
        window.setTimeout(look, wait);
    };

    window.setTimeout(look, wait);
};
